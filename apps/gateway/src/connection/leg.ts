import type { Leg as Side, Origin } from '@chargeproof/record';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import type { CloseFrame } from './close-codes.ts';
import type { ConnectionEnd, EndEvents, Outgoing, SocketFault } from './connection-end.ts';
import { PingMeter } from './ping-meter.ts';
import { peerOf } from './sides.ts';
import { unfinishedBytes } from './unfinished.ts';

const TEXT = { binary: false };
const BINARY = { binary: true };
/** Quiet ping periods with a ping unanswered after which a socket is taken for half open. */
const UNANSWERED_BEFORE_DEAD = 2;

/** One socket of a connection: the station's or the upstream's. */
export class Leg implements ConnectionEnd {
  readonly side: Side;
  readonly origin: Origin;
  readonly pings: PingMeter;
  readonly #socket: WebSocket;
  readonly #events: EndEvents;
  /** Handed to the socket and not yet written, in order. */
  #flight: Outgoing[] = [];
  #landed = 0;
  #heard = true;
  #unanswered = 0;
  #faulty = false;
  #closed = false;
  #isPaused: boolean;
  #isHeld = false;

  constructor(side: Side, socket: WebSocket, clock: Clock, events: EndEvents) {
    this.side = side;
    this.origin = peerOf(side);
    this.pings = new PingMeter(clock);
    this.#socket = socket;
    this.#events = events;
    this.#isPaused = socket.isPaused;
    socket.on('message', (data, binary) => {
      this.#heard = true;
      events.message(this, bytesOf(data), binary);
    });
    socket.on('ping', () => {
      this.#heard = true;
      this.pings.seen();
    });
    socket.on('pong', (data) => {
      this.#heard = true;
      this.pings.answered(data);
    });
    socket.on('error', (error: Error & { code?: string }) => {
      this.#failed(error);
    });
    socket.on('close', (code, reason) => {
      this.#closed = true;
      const unfinished = this.#faulty ? undefined : unfinishedBytes(socket);
      events.closed(this, code, reason, unfinished);
    });
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Frames handed to the socket that are not written yet. */
  get inFlight(): number {
    return this.#flight.length - this.#landed;
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
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#readAgain();
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (isHeld) this.#socket.pause();
    else this.#readAgain();
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
    if (this.#heard || socket.isPaused) {
      this.#heard = false;
      this.#unanswered = 0;
      return;
    }
    if (this.pings.givenUp() && ++this.#unanswered >= UNANSWERED_BEFORE_DEAD) {
      this.#events.unreachable(this);
      return;
    }
    socket.ping(this.pings.sending());
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

  #readAgain(): void {
    if (!this.#isPaused && !this.#isHeld) this.#socket.resume();
  }

  #failed(error: Error & { code?: string }): void {
    const fault =
      FAULTS[error.code ?? ''] ?? (error.code?.startsWith('WS_ERR_') === true ? MALFORMED : undefined);
    if (fault === undefined || this.#faulty) return;
    this.#faulty = true;
    this.#events.fault(this, fault);
  }
}

const MALFORMED: SocketFault = { word: 'not-websocket', closeCode: 1002 };
const FAULTS: Readonly<Record<string, SocketFault>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: { word: 'beyond-socket-limit', closeCode: 1009 },
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: { word: 'beyond-socket-limit', closeCode: 1009 },
  WS_ERR_TOO_MANY_BUFFERED_PARTS: { word: 'too-many-fragments', closeCode: 1008 },
};

/** `nodebuffer` sockets give one Buffer; the other shapes are there for the type's sake. */
function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
