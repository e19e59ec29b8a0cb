import type { Leg as Side, Limited, Origin } from '@chargeproof/record';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import type { Bucket } from '../limits/bucket.ts';
import type { CloseFrame } from './close-codes.ts';
import type { ConnectionEnd, EndEvents, Outgoing, SocketFault } from './connection-end.ts';
import type { ConnectionIdentity } from './identity.ts';
import { PingMeter } from './ping-meter.ts';
import { peerOf } from './sides.ts';
import { Throttle } from './throttle.ts';
import { unfinishedBytes } from './unfinished.ts';

const TEXT = { binary: false };
const BINARY = { binary: true };
/** Why a socket is not read: its flow has too much in hand, there is hardly room for records, it talks too fast. */
const FLOW = 1;
const ROOM = 2;
const LIMIT = 4;

export type LegOptions = {
  readonly side: Side;
  readonly socket: WebSocket;
  readonly clock: Clock;
  readonly events: EndEvents;
  /** Whether it gets pings at all. */
  readonly mayPing: boolean;
  /** Quiet ping periods with a ping unanswered after which a socket is taken for half open. */
  readonly pingsUnanswered: number;
  readonly identity: Pick<ConnectionIdentity, 'elapsed'>;
  /** What it may say; undefined where it may say any number. */
  readonly allowed: Bucket | undefined;
};

/** One socket of a connection: the station's or the upstream's. */
export class Leg implements ConnectionEnd {
  readonly side: Side;
  readonly origin: Origin;
  readonly pings: PingMeter;
  readonly #socket: WebSocket;
  readonly #events: EndEvents;
  readonly #mayPing: boolean;
  readonly #pingsUnanswered: number;
  readonly #throttle: Throttle | undefined;
  /** Handed to the socket and not yet written, in order. */
  #flight: Outgoing[] = [];
  #landed = 0;
  #heard = true;
  /** Who waits until it is heard. */
  #asking: (() => void) | undefined;
  /** The ping that is out was sent since the last probe. */
  #isPingNew = false;
  #unanswered = 0;
  #isPonging = false;
  #pongOwed: Buffer | undefined;
  #faulty = false;
  #closed = false;
  /** The reasons for which it is not read, added up. */
  #stopped: number;

  constructor({ side, socket, clock, events, mayPing, pingsUnanswered, identity, allowed }: LegOptions) {
    this.side = side;
    this.origin = peerOf(side);
    this.pings = new PingMeter(clock);
    this.#socket = socket;
    this.#events = events;
    this.#mayPing = mayPing;
    this.#pingsUnanswered = pingsUnanswered;
    this.#throttle =
      allowed &&
      new Throttle(allowed, identity, (isHeld) => {
        this.#stop(LIMIT, isHeld);
      });
    this.#stopped = socket.isPaused ? FLOW : 0;
    socket.on('message', (data, binary) => {
      this.#hear();
      events.message(this, bytesOf(data), binary);
      this.#throttle?.took();
    });
    socket.on('ping', (data) => {
      this.#hear();
      this.pings.seen();
      this.#pong(data);
      this.#throttle?.took();
    });
    socket.on('pong', (data) => {
      this.pings.answered(data);
      this.#hear();
    });
    socket.on('error', (error: Error & { code?: string }) => {
      this.#failed(error);
    });
    socket.on('close', (code, reason) => {
      this.#closed = true;
      this.#throttle?.stop();
      const unfinished = this.#faulty ? undefined : unfinishedBytes(socket);
      events.closed(this, code, reason, unfinished);
    });
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** @returns false when the socket takes nothing any more; `written` is not called then */
  send(outgoing: Outgoing): boolean {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return false;
    this.#flight.push(outgoing);
    socket.send(outgoing.data, outgoing.binary ? BINARY : TEXT, this.#written);
    return true;
  }

  pause(): void {
    this.#stop(FLOW, true);
  }

  resume(): void {
    this.#stop(FLOW, false);
  }

  hold(isHeld: boolean): void {
    this.#stop(ROOM, isHeld);
  }

  takeLimited(): Limited | undefined {
    return this.#throttle?.take();
  }

  close({ code, reason }: CloseFrame): void {
    this.#socket.resume();
    if (code === undefined) this.#socket.close();
    else this.#socket.close(code, typeof reason === 'string' ? reason : reason && Buffer.from(reason));
  }

  /** Ends the socket without a close frame. What it still held is lost. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Called once a ping period. A leg that was heard since the last call, or that we do not read, gets no ping. */
  probe(): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    const isPingNew = this.#isPingNew;
    this.#isPingNew = false;
    if (this.#heard || socket.isPaused) {
      this.#heard = false;
      this.#unanswered = 0;
      return;
    }
    // It has its period like the others.
    if (isPingNew) return;
    if (this.pings.givenUp() && ++this.#unanswered >= this.#pingsUnanswered) {
      this.#events.unreachable(this);
      return;
    }
    socket.ping(this.pings.sending());
  }

  /** By a ping, where none is out and it may get one; who gets none is waited for. */
  ask(heard: () => void): void {
    const socket = this.#socket;
    this.#asking = heard;
    if (!this.#mayPing || this.pings.isOut || socket.isPaused || socket.readyState !== socket.OPEN) return;
    this.#isPingNew = true;
    socket.ping(this.pings.sending());
  }

  #hear(): void {
    this.#heard = true;
    const asking = this.#asking;
    this.#asking = undefined;
    asking?.();
  }

  /** Writes end in the order they began, and after one that failed none succeeds. */
  readonly #written = (error?: Error | null): void => {
    const outgoing = this.#flight[this.#landed++];
    if (this.#landed === this.#flight.length) {
      this.#flight = [];
      this.#landed = 0;
    }
    outgoing?.written(error ?? undefined);
  };

  /** One at a time: of pings that came meanwhile the last is answered, for all of them (RFC 6455, 5.5.3). */
  #pong(data: Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#pongOwed = this.#isPonging ? data : undefined;
    if (this.#isPonging) return;
    this.#isPonging = true;
    this.#socket.pong(data, undefined, this.#ponged);
  }

  readonly #ponged = (): void => {
    this.#isPonging = false;
    if (this.#pongOwed !== undefined) this.#pong(this.#pongOwed);
  };

  #stop(why: number, isStopped: boolean): void {
    this.#stopped = isStopped ? this.#stopped | why : this.#stopped & ~why;
    if (this.#stopped === 0) this.#socket.resume();
    else this.#socket.pause();
  }

  #failed(error: Error & { code?: string }): void {
    const fault = faultOf(error.code ?? '');
    if (fault === undefined || this.#faulty) return;
    this.#faulty = true;
    this.#events.fault(this, fault);
  }
}

/** By what ws, or zlib under it, calls it: the first that fits, and the code that ws closes with. */
const FAULTS: readonly (readonly [code: RegExp, fault: SocketFault])[] = [
  [/^WS_ERR_UNSUPPORTED_(?:MESSAGE|DATA_PAYLOAD)_LENGTH$/, { word: 'beyond-socket-limit', closeCode: 1009 }],
  [/^WS_ERR_TOO_MANY_BUFFERED_PARTS$/, { word: 'too-many-fragments', closeCode: 1008 }],
  [/^WS_ERR_INVALID_CLOSE_CODE$/, { word: 'invalid-close-code', closeCode: 1002 }],
  [/^WS_ERR_/, { word: 'not-websocket', closeCode: 1002 }],
  [/^Z_/, { word: 'not-inflatable', closeCode: 1007 }],
];

const faultOf = (code: string): SocketFault | undefined =>
  FAULTS.find(([pattern]) => pattern.test(code))?.[1];

/** `nodebuffer` sockets give one Buffer; the other shapes are there for the type's sake. */
function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
