import {
  writePayload,
  type ConnectionClosed,
  type IdleConnection,
  type Leg as Side,
  type Payloads,
} from '@chargeproof/record';
import type { WebSocket } from 'ws';
import type { Bucket } from '../limits/bucket.ts';
import { NOBODY, type Waiter } from '../run/recorder.ts';
import { CANNOT_RECORD, CLOSE, relayedClose, REPLACED, type CloseFrame } from './close-codes.ts';
import type { ConnectionEnd, EndEvents, SocketFault } from './connection-end.ts';
import type { ConnectionParts } from './connection-parts.ts';
import type { ConnectionIdentity } from './identity.ts';
import { Leg } from './leg.ts';
import { Passage, type Ends, type PassageEvents } from './passage.ts';
import { directionOf, otherSide, peerOf } from './sides.ts';

type OfAConnection = 'ocpp.connection-closed.v1' | 'ocpp.relay-failed.v1' | 'ocpp.gap.v1' | 'ocpp.limited.v1';

/**
 * A station's socket and its upstream's, or the built-in central system in its place, from the handshake until both
 * have ended. Its frames go their way by a {@link Passage}; here is how it ends, which both sides learn once it is durable.
 */
export class Connection implements EndEvents, PassageEvents {
  readonly identity: ConnectionIdentity;
  readonly #parts: ConnectionParts;
  /** What the station may send; undefined where it may send any number. */
  readonly #allowed: Bucket | undefined;
  readonly #ends: Ends = { station: undefined, upstream: undefined };
  readonly #passage: Passage;
  /** For a station that is not there yet. */
  #owed: CloseFrame | undefined;
  #heardSinceTick = true;
  #isEnding = false;
  #isStationMissing = false;
  #isOver = false;

  constructor(parts: ConnectionParts, identity: ConnectionIdentity, allowed: Bucket | undefined) {
    this.identity = identity;
    this.#parts = parts;
    this.#allowed = allowed;
    this.#passage = new Passage(parts, identity, this.#ends, this);
  }

  get hasStation(): boolean {
    return this.#ends.station !== undefined;
  }

  /** The upstream's socket comes first, and paused: it is read once the station's is there. */
  attach(side: Side, socket: WebSocket): void {
    const { clock, pingSeconds, pingsUnanswered } = this.#parts;
    const { identity } = this;
    const allowed = side === 'station' ? this.#allowed : undefined;
    const mayPing = pingSeconds > 0;
    this.join(new Leg({ side, socket, clock, events: this, mayPing, pingsUnanswered, identity, allowed }));
  }

  /** As {@link attach}, for an end that is no socket. */
  join(end: ConnectionEnd): void {
    this.#ends[end.side] = end;
    if (end.side === 'upstream') return;
    if (this.#owed !== undefined) end.close(this.#owed);
    else this.#ends.upstream?.resume();
  }

  /** The log refused its handshake: there is no such connection, and nothing of it is recorded. */
  discard(): void {
    this.#isEnding = this.#isOver = true;
    this.#close('upstream', { code: CLOSE.tryAgainLater, reason: CANNOT_RECORD });
  }

  /** The station went away before its upgrade could be answered. */
  stationLost(): void {
    this.#isStationMissing = true;
    this.#end({ code: CLOSE.noFrame, reason: 'gone before its upgrade', by: 'station' }, () => {
      this.#close('upstream', { code: CLOSE.goingAway, reason: 'the station went away' });
    });
    this.#settle();
  }

  /** The station has come over another socket: this one is told so, though it may be half open. */
  replaced(): void {
    this.#end({ code: CLOSE.policy, reason: REPLACED, by: 'gateway' }, () => {
      this.#close('station', { code: CLOSE.policy, reason: REPLACED });
      this.#close('upstream', { code: CLOSE.goingAway, reason: REPLACED });
    });
  }

  /** Ends both legs for a reason of our own. Resolution is told by `onEnded`. */
  endFromHere(code: number, reason: string): void {
    this.#end({ code, reason, by: 'gateway' }, () => {
      this.#close('station', { code, reason });
      this.#close('upstream', { code, reason });
    });
  }

  /** As {@link endFromHere}, once none of its CALLs waits for an answer. */
  leave(code: number, reason: string): void {
    this.#passage.calls.whenQuiet(() => {
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

  /** Asks the station whether it is there. @param heard called once, when anything comes from it */
  ask(heard: () => void): void {
    this.#ends.station?.ask?.(heard);
  }

  /** What a tick says of it, or undefined if it had a frame since this was last asked. */
  takeIdle(): IdleConnection | undefined {
    const station = this.#ends.station?.pings?.take();
    const upstream = this.#ends.upstream?.pings?.take();
    const heard = this.#heardSinceTick;
    this.#heardSinceTick = false;
    if (heard || station === undefined || this.#isEnding) return undefined;
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
    this.#parts.counts.limitPauses += limited.pauses;
    this.record('ocpp.limited.v1', limited);
  }

  record<Type extends OfAConnection>(type: Type, payload: Payloads[Type], waiter: Waiter = NOBODY): void {
    const { key, partition } = this.identity;
    const attributes = this.identity.next(type);
    const { value, sealed } = this.#parts.sealer.seal(writePayload(type, payload), 'text');
    if (sealed !== undefined) attributes.sealed = sealed;
    this.#parts.recorder.write({ key, partition, attributes, value }, partition, waiter);
  }

  // What comes from the ends.

  /** Never throws: ws calls it inside its reading, where a throw would end the process and with it all others. */
  message(end: ConnectionEnd, data: Buffer, binary: boolean): void {
    if (this.#isOver) return;
    this.#heardSinceTick = true;
    try {
      this.#passage.take(end, data, binary);
    } catch (bug) {
      this.#parts.onBug(bug);
      this.#passage.break();
      this.#breach(end, { word: 'internal', closeCode: CLOSE.internal }, 1);
    }
  }

  fault(end: ConnectionEnd, fault: SocketFault): void {
    this.#breach(end, fault, fault.closeCode === CLOSE.tooBig ? 1 : null);
  }

  unreachable(end: ConnectionEnd): void {
    this.#end({ code: CLOSE.noFrame, reason: `no pong from the ${peerOf(end.side)}`, by: 'gateway' }, () => {
      this.#close(otherSide(end.side), PEER_WENT_AWAY);
    });
    end.terminate();
  }

  closed(end: ConnectionEnd, code: number, reason: Buffer, unfinished: number | undefined): void {
    if (unfinished !== undefined && !this.#isOver) {
      this.record('ocpp.gap.v1', {
        missing: 'bytes',
        count: unfinished,
        reason: 'socket-ended-inside-a-frame',
        direction: directionOf(end.side),
      });
    }
    this.#end({ code, reason: reason.toString(), by: end.origin }, () => {
      this.#close(otherSide(end.side), relayedClose(code, reason));
    });
    this.#settle();
  }

  // What comes from the frames' way.

  tooBig(end: ConnectionEnd): void {
    this.#endBecauseOf(end, CLOSE.tooBig, 'frame-too-long');
  }

  cannotRecord(): void {
    this.endFromHere(CLOSE.tryAgainLater, CANNOT_RECORD);
  }

  left(): void {
    if (this.#isEnding) this.#settle();
  }

  /** Frames of one side are missing, and it ends for it. @param count of them, null where nobody knows */
  #breach(end: ConnectionEnd, { word, closeCode }: SocketFault, count: number | null): void {
    this.#parts.counts.framesRefused.add(word);
    const direction = directionOf(end.side);
    this.record('ocpp.gap.v1', { missing: 'frames', count, reason: word, direction });
    this.#endBecauseOf(end, closeCode, word);
  }

  /** One side broke a rule: it is told so, and for the other its peer goes away. */
  #endBecauseOf(end: ConnectionEnd, code: number, reason: string): void {
    this.#end({ code, reason, by: 'gateway' }, () => {
      end.close({ code, reason });
      this.#close(otherSide(end.side), PEER_WENT_AWAY);
    });
  }

  /** Records the connection's end once; the sockets follow when that is durable, or cannot be. */
  #end(closed: ConnectionClosed, thenClose: () => void): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.record('ocpp.connection-closed.v1', closed, { recorded: thenClose, refused: thenClose });
  }

  #close(side: Side, frame: CloseFrame): void {
    const end = this.#ends[side];
    if (end !== undefined) end.close(frame);
    else if (side === 'station') this.#owed = frame;
  }

  #settle(): void {
    const { station, upstream } = this.#ends;
    const isStationOver = this.#isStationMissing || station?.isClosed === true;
    if (this.#isOver || !isStationOver || upstream?.isClosed !== true || !this.#passage.isEmpty) return;
    this.#isOver = true;
    this.tellLimited();
    for (const failure of this.#passage.relayFailures()) this.record('ocpp.relay-failed.v1', failure);
    for (const gap of this.#passage.gaps()) this.record('ocpp.gap.v1', gap);
    this.#parts.onEnded(this);
  }
}

const PEER_WENT_AWAY = relayedClose(CLOSE.noFrame, Buffer.alloc(0));
