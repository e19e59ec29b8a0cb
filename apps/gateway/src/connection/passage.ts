import { createHash } from 'node:crypto';
import { LogFull } from '@chargeproof/log';
import type { Gap, Leg as Side, RelayFailed } from '@chargeproof/record';
import { NOBODY } from '../run/recorder.ts';
import type { ConnectionEnd } from './connection-end.ts';
import type { ConnectionParts } from './connection-parts.ts';
import { Flow } from './flow.ts';
import type { ConnectionIdentity } from './identity.ts';
import { OpenCalls } from './open-calls.ts';
import { PassingFrame, type FrameWay } from './passing-frame.ts';
import { Shortfall } from './shortfall.ts';
import { directionOf, otherSide } from './sides.ts';

/** What is kept of a frame above `maxFrameBytes`. */
const CUT_BYTES = 64 * 1024;

/** What the frames' way tells of itself. */
export type PassageEvents = {
  tooBig(end: ConnectionEnd): void;
  /** A frame could not be recorded: nothing behind it is passed on. */
  cannotRecord(): void;
  /** A frame has left, or was given up. */
  left(): void;
};

/** Undefined where an end is not there yet. */
export type Ends = Record<Side, ConnectionEnd | undefined>;

/**
 * The way of a connection's frames from one side to the other. Each takes its sequence number when it is received and
 * goes on when it is durable, in that order: the recorder is the connection's queue.
 */
export class Passage implements FrameWay {
  readonly calls = new OpenCalls();
  readonly #parts: ConnectionParts;
  readonly #identity: ConnectionIdentity;
  readonly #ends: Readonly<Ends>;
  readonly #events: PassageEvents;
  /** By the side the bytes come from. */
  readonly #flows: Readonly<Record<Side, Flow>>;
  /** Most connections never have any. */
  #shortfall: Shortfall | undefined;
  /** Frames received that are neither passed on nor given up. */
  #underWay = 0;
  #isBroken = false;

  constructor(
    parts: ConnectionParts,
    identity: ConnectionIdentity,
    ends: Readonly<Ends>,
    events: PassageEvents,
  ) {
    this.#parts = parts;
    this.#identity = identity;
    this.#ends = ends;
    this.#events = events;
    this.#flows = { station: new Flow(parts.maxBufferedBytes), upstream: new Flow(parts.maxBufferedBytes) };
  }

  /** No frame is between its receipt and its leaving. */
  get isEmpty(): boolean {
    return this.#underWay === 0;
  }

  /** What was recorded and not passed on. */
  relayFailures(): RelayFailed[] {
    return this.#shortfall?.relayFailures() ?? [];
  }

  /** What could not even be recorded. */
  gaps(): Gap[] {
    return this.#shortfall?.gaps() ?? [];
  }

  /** Passes nothing on any more. */
  break(): void {
    this.#isBroken = true;
  }

  take(end: ConnectionEnd, data: Buffer, binary: boolean): void {
    const { sealer, counts, recorder, writeFrame, maxFrameBytes } = this.#parts;
    const identity = this.#identity;
    const tooBig = data.length > maxFrameBytes;
    const opcode = binary ? 'binary' : 'text';
    // Before the sequence number is taken, which must not be missing should this throw.
    const { value, sealed } = sealer.seal(tooBig ? data.subarray(0, CUT_BYTES) : data, opcode);
    const attributes = identity.next('ocpp.frame.v1');
    const direction = directionOf(end.side);
    counts.frame(direction, data.length);
    attributes.direction = direction;
    attributes.origin = end.origin;
    attributes.opcode = opcode;
    if (tooBig) attributes.cut = { bytes: data.length, sha256: sha256(data) };
    if (sealed !== undefined) attributes.sealed = sealed;
    const request = { key: identity.key, partition: identity.partition, attributes, value };
    if (tooBig) {
      recorder.write(request, identity.partition, NOBODY);
      this.#refuseBig(end, attributes.sequence);
      return;
    }
    const frame = new PassingFrame(this, end.side, data, binary, attributes.sequence);
    this.#underWay += 1;
    this.calls.taken(end.side, data);
    if (this.#flows[end.side].took(data.length, end)) counts.pauses += 1;
    writeFrame(request, identity.partition, frame);
  }

  recorded(frame: PassingFrame): void {
    const destination = this.#ends[otherSide(frame.from)];
    if (!this.#isBroken && destination?.send(frame) === true) {
      this.#parts.counts.relayed(directionOf(frame.from), frame.receivedAt);
      return;
    }
    this.#undelivered(frame.from, frame.sequence, this.#isBroken ? 'not-recorded-before' : 'socket-closed');
    frame.over();
  }

  notRecorded(frame: PassingFrame, error: Error): void {
    this.break();
    const word = error instanceof LogFull ? 'log-full' : 'log-failed';
    this.#parts.counts.framesRefused.add(word);
    this.#short().unrecorded(frame.from, word);
    this.#events.cannotRecord();
  }

  notWritten(frame: PassingFrame): void {
    this.#undelivered(frame.from, frame.sequence, 'socket-failed');
  }

  over(frame: PassingFrame): void {
    this.#underWay -= 1;
    this.calls.over(frame.from, frame.data);
    this.#flows[frame.from].gave(frame.data.length, this.#ends[frame.from]);
    this.#events.left();
  }

  #refuseBig(end: ConnectionEnd, sequence: number): void {
    this.#parts.counts.framesRefused.add('frame-too-long');
    this.#short().undelivered(end.side, sequence, 'frame-too-long');
    this.#events.tooBig(end);
  }

  #undelivered(from: Side, sequence: number, reason: string): void {
    this.#parts.counts.framesNotRelayed.add(reason);
    this.#short().undelivered(from, sequence, reason);
  }

  #short(): Shortfall {
    return (this.#shortfall ??= new Shortfall());
  }
}

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');
