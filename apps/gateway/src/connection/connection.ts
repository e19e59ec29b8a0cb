import { createHash } from 'node:crypto';
import { LogFull } from '@chargeproof/log';
import {
  writePayload,
  type ConnectionClosed,
  type IdleConnection,
  type Leg as Side,
  type Payloads,
} from '@chargeproof/record';
import type { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import type { Counts } from '../operations/counts.ts';
import type { Bucket } from '../limits/bucket.ts';
import { NOBODY, type Recorder, type Waiter } from '../run/recorder.ts';
import type { Sealer } from '../sealer.ts';
import { CANNOT_RECORD, CLOSE, relayedClose, REPLACED, type CloseFrame } from './close-codes.ts';
import type { ConnectionEnd, EndEvents, SocketFault } from './connection-end.ts';
import { Flow } from './flow.ts';
import type { ConnectionIdentity } from './identity.ts';
import { Leg } from './leg.ts';
import { OpenCalls } from './open-calls.ts';
import { PassingFrame, type FrameWay } from './passing-frame.ts';
import type { FrameWriter } from './record-order.ts';
import { Shortfall } from './shortfall.ts';
import { directionOf, otherSide, peerOf } from './sides.ts';

/** What is kept of a frame above `maxFrameBytes`. */
const CUT_BYTES = 64 * 1024;

export type ConnectionOptions = {
  readonly identity: ConnectionIdentity;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly writeFrame: FrameWriter;
  readonly sealer: Sealer;
  readonly counts: Counts;
  readonly maxFrameBytes: number;
  readonly maxBufferedBytes: number;
  readonly pingsUnanswered: number;
  /** What the station may send; absent where it may send any number. */
  readonly allowed?: Bucket | undefined;
  /** A mistake of ours that this connection pays for. */
  readonly onBug: (error: unknown) => void;
  /** Both sockets have ended and everything is recorded or refused. */
  readonly onEnded: (connection: Connection) => void;
};

type OfAConnection = 'ocpp.connection-closed.v1' | 'ocpp.relay-failed.v1' | 'ocpp.gap.v1' | 'ocpp.limited.v1';

/**
 * A station's socket and its upstream's, or the built-in central system in its place. Everything that happens on either takes a sequence number when it
 * is received and goes on when its record is durable, in that order: the recorder is the connection's queue.
 */
export class Connection implements EndEvents, FrameWay {
  readonly identity: ConnectionIdentity;
  readonly #options: ConnectionOptions;
  readonly #ends: { station: ConnectionEnd | undefined; upstream: ConnectionEnd | undefined } = {
    station: undefined,
    upstream: undefined,
  };
  /** Close frames for an end that is not there yet. */
  readonly #owed: Partial<Record<Side, CloseFrame>> = {};
  /** By the side the bytes come from. */
  readonly #flows: Readonly<Record<Side, Flow>>;
  readonly #shortfall = new Shortfall();
  readonly #calls = new OpenCalls();
  /** Frames received that are neither passed on nor given up. */
  #underWay = 0;
  #heardSinceTick = true;
  #ending = false;
  #stationMissing = false;
  /** A frame could not be recorded: nothing behind it is passed on. */
  #broken = false;
  #ended = false;

  constructor(options: ConnectionOptions) {
    this.identity = options.identity;
    this.#options = options;
    this.#flows = {
      station: new Flow(options.maxBufferedBytes),
      upstream: new Flow(options.maxBufferedBytes),
    };
  }

  get hasStation(): boolean {
    return this.#ends.station !== undefined;
  }

  /** The upstream's socket comes first, and paused: it is read once the station's is there. */
  attach(side: Side, socket: WebSocket): void {
    const { identity, clock, pingsUnanswered, allowed: bucket } = this.#options;
    const throttle = side === 'station' && bucket ? { bucket, elapsed: () => identity.elapsed() } : undefined;
    this.join(new Leg({ side, socket, clock, events: this, pingsUnanswered, throttle }));
  }

  /** As {@link attach}, for an end that is no socket. */
  join(end: ConnectionEnd): void {
    this.#ends[end.side] = end;
    const owed = this.#owed[end.side];
    if (owed !== undefined) end.close(owed);
    else if (end.side === 'station') this.#ends.upstream?.resume();
  }

  /** The log refused its handshake: there is no such connection, and nothing of it is recorded. */
  discard(): void {
    this.#ending = this.#ended = true;
    this.#closeEnd('upstream', { code: CLOSE.tryAgainLater, reason: CANNOT_RECORD });
  }

  /** The station went away before its upgrade could be answered. */
  stationLost(): void {
    this.#stationMissing = true;
    this.#end({ code: CLOSE.noFrame, reason: 'gone before its upgrade', by: 'station' }, () => {
      this.#ends.upstream?.close({ code: CLOSE.goingAway, reason: 'the station went away' });
    });
    this.#settle();
  }

  /** The station has come over another socket: this one is told so, though it may be half open. */
  replaced(): void {
    this.#end({ code: CLOSE.policy, reason: REPLACED, by: 'gateway' }, () => {
      this.#closeEnd('station', { code: CLOSE.policy, reason: REPLACED });
      this.#closeEnd('upstream', { code: CLOSE.goingAway, reason: REPLACED });
    });
  }

  /** Ends both legs for a reason of our own. Resolution is told by `onEnded`. */
  endFromHere(code: number, reason: string): void {
    this.#end({ code, reason, by: 'gateway' }, () => {
      this.#closeEnd('station', { code, reason });
      this.#closeEnd('upstream', { code, reason });
    });
  }

  /** As {@link endFromHere}, once none of its CALLs waits for an answer. */
  leave(code: number, reason: string): void {
    this.#calls.whenQuiet(() => {
      this.endFromHere(code, reason);
    });
  }

  /** Cuts what is left of it: for a stop that cannot wait longer. */
  abandon(): void {
    this.#ends.station?.terminate();
    this.#ends.upstream?.terminate();
  }

  /** Reads nothing more on either leg, or goes on. */
  hold(isHeld: boolean): void {
    this.#ends.station?.hold?.(isHeld);
    this.#ends.upstream?.hold?.(isHeld);
  }

  probe(): void {
    this.#ends.station?.probe();
    this.#ends.upstream?.probe();
  }

  /** What a tick says of it, or undefined if it had a frame since this was last asked. */
  takeIdle(): IdleConnection | undefined {
    const station = this.#ends.station?.pings?.take();
    const upstream = this.#ends.upstream?.pings?.take();
    const heard = this.#heardSinceTick;
    this.#heardSinceTick = false;
    if (heard || station === undefined || this.#ending) return undefined;
    return {
      connection: this.identity.id,
      lastSequence: this.identity.lastSequence,
      pings: { station, ...(upstream && { upstream }) },
    };
  }

  /** Records how the station was held back since this was last called. */
  tellLimited(): void {
    const limited = this.#ends.station?.takeLimited?.();
    if (limited === undefined) return;
    this.#options.counts.limitPauses += limited.pauses;
    this.record('ocpp.limited.v1', limited);
  }

  record<Type extends OfAConnection>(type: Type, payload: Payloads[Type], waiter: Waiter = NOBODY): void {
    const { key, partition } = this.identity;
    const attributes = this.identity.next(type);
    const { value, sealed } = this.#options.sealer.seal(writePayload(type, payload), 'text');
    if (sealed !== undefined) attributes.sealed = sealed;
    this.#options.recorder.write({ key, partition, attributes, value }, partition, waiter);
  }

  // What comes from the sockets.

  /** Never throws: ws calls it inside its reading, where a throw would end the process and with it all others. */
  message(end: ConnectionEnd, data: Buffer, binary: boolean): void {
    if (this.#ended) return;
    try {
      this.#take(end, data, binary);
    } catch (bug) {
      this.#options.onBug(bug);
      this.#broken = true;
      this.#options.counts.framesRefused.add('internal');
      this.record('ocpp.gap.v1', {
        missing: 'frames',
        count: 1,
        reason: 'internal',
        direction: directionOf(end.side),
      });
      this.#endBecauseOf(end, CLOSE.internal, 'internal');
    }
  }

  #take(end: ConnectionEnd, data: Buffer, binary: boolean): void {
    this.#heardSinceTick = true;
    const tooBig = data.length > this.#options.maxFrameBytes;
    const { identity } = this;
    const opcode = binary ? 'binary' : 'text';
    // Before the sequence number is taken, which must not be missing should this throw.
    const { value, sealed } = this.#options.sealer.seal(tooBig ? data.subarray(0, CUT_BYTES) : data, opcode);
    const attributes = identity.next('ocpp.frame.v1');
    const direction = directionOf(end.side);
    this.#options.counts.frame(direction, data.length);
    attributes.direction = direction;
    attributes.origin = end.origin;
    attributes.opcode = opcode;
    if (tooBig) attributes.cut = { bytes: data.length, sha256: sha256(data) };
    if (sealed !== undefined) attributes.sealed = sealed;
    const request = { key: identity.key, partition: identity.partition, attributes, value };
    if (tooBig) {
      this.#options.recorder.write(request, identity.partition, NOBODY);
      this.#refuseBigFrame(end, attributes.sequence);
      return;
    }
    const frame = new PassingFrame(this, end.side, data, binary, attributes.sequence);
    this.#underWay += 1;
    this.#calls.taken(end.side, data);
    if (this.#flows[end.side].took(data.length, end)) this.#options.counts.pauses += 1;
    this.#options.writeFrame(request, identity.partition, frame);
  }

  fault(end: ConnectionEnd, { word, closeCode }: SocketFault): void {
    this.#options.counts.framesRefused.add(word);
    const count = closeCode === CLOSE.tooBig ? 1 : null;
    this.record('ocpp.gap.v1', {
      missing: 'frames',
      count,
      reason: word,
      direction: directionOf(end.side),
    });
    this.#endBecauseOf(end, closeCode, word);
  }

  unreachable(end: ConnectionEnd): void {
    this.#end({ code: CLOSE.noFrame, reason: `no pong from the ${peerOf(end.side)}`, by: 'gateway' }, () => {
      this.#closeEnd(otherSide(end.side), relayedClose(CLOSE.noFrame, NO_REASON));
    });
    end.terminate();
  }

  closed(end: ConnectionEnd, code: number, reason: Buffer, unfinished: number | undefined): void {
    if (unfinished !== undefined && !this.#ended) {
      this.record('ocpp.gap.v1', {
        missing: 'bytes',
        count: unfinished,
        reason: 'socket-ended-inside-a-frame',
        direction: directionOf(end.side),
      });
    }
    this.#end({ code, reason: reason.toString(), by: end.origin }, () => {
      this.#closeEnd(otherSide(end.side), relayedClose(code, reason));
    });
    this.#settle();
  }

  // What becomes of a frame.

  recorded(frame: PassingFrame): void {
    const destination = this.#ends[otherSide(frame.from)];
    if (!this.#broken && destination?.send(frame) === true) {
      this.#options.counts.relayed(directionOf(frame.from), frame.receivedAt);
      return;
    }
    this.#undelivered(frame.from, frame.sequence, this.#broken ? 'not-recorded-before' : 'socket-closed');
    frame.over();
  }

  notRecorded(frame: PassingFrame, error: Error): void {
    this.#broken = true;
    const word = error instanceof LogFull ? 'log-full' : 'log-failed';
    this.#options.counts.framesRefused.add(word);
    this.#shortfall.unrecorded(frame.from, word);
    this.endFromHere(CLOSE.tryAgainLater, CANNOT_RECORD);
  }

  notWritten(frame: PassingFrame): void {
    this.#undelivered(frame.from, frame.sequence, 'socket-failed');
  }

  over(frame: PassingFrame): void {
    this.#underWay -= 1;
    this.#calls.over(frame.from, frame.data);
    this.#flows[frame.from].gave(frame.data.length, this.#ends[frame.from]);
    if (this.#ending) this.#settle();
  }

  #undelivered(from: Side, sequence: number, reason: string): void {
    this.#options.counts.framesNotRelayed.add(reason);
    this.#shortfall.undelivered(from, sequence, reason);
  }

  #refuseBigFrame(end: ConnectionEnd, sequence: number): void {
    this.#options.counts.framesRefused.add('frame-too-long');
    this.#shortfall.undelivered(end.side, sequence, 'frame-too-long');
    this.#endBecauseOf(end, CLOSE.tooBig, 'frame-too-long');
  }

  /** One side broke a rule: it is told so, and for the other its peer goes away. */
  #endBecauseOf(end: ConnectionEnd, code: number, reason: string): void {
    this.#end({ code, reason, by: 'gateway' }, () => {
      end.close({ code, reason });
      this.#closeEnd(otherSide(end.side), relayedClose(CLOSE.noFrame, NO_REASON));
    });
  }

  /** Records the connection's end once; the sockets follow when that is durable, or cannot be. */
  #end(closed: ConnectionClosed, thenClose: () => void): void {
    if (this.#ending) return;
    this.#ending = true;
    this.record('ocpp.connection-closed.v1', closed, { recorded: thenClose, refused: thenClose });
  }

  #closeEnd(side: Side, frame: CloseFrame): void {
    const end = this.#ends[side];
    if (end === undefined) this.#owed[side] = frame;
    else end.close(frame);
  }

  #settle(): void {
    const { station, upstream } = this.#ends;
    const stationOver = this.#stationMissing || station?.isClosed === true;
    if (this.#ended || !stationOver || upstream?.isClosed !== true || this.#underWay > 0) return;
    this.#ended = true;
    this.tellLimited();
    for (const failure of this.#shortfall.relayFailures()) this.record('ocpp.relay-failed.v1', failure);
    for (const gap of this.#shortfall.gaps()) this.record('ocpp.gap.v1', gap);
    this.#options.onEnded(this);
  }
}

const NO_REASON = Buffer.alloc(0);
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');
