import type { Leg as Side, Limited, Origin } from '@chargeproof/record';
import type { CloseFrame } from './close-codes.ts';
import type { PingMeter } from './ping-meter.ts';

/** Something on its way out of one end. */
export type Outgoing = {
  readonly data: Buffer;
  readonly binary: boolean;
  /** Of its record, on its connection. */
  readonly sequence: number;
  /** That end took it; without an error the bytes are with the operating system, or answered. */
  written(error: Error | undefined): void;
};

/** How ws ended a leg because of what came on it. */
export type SocketFault = { readonly word: string; readonly closeCode: number };

/** What an end tells its connection. */
export type EndEvents = {
  message(end: ConnectionEnd, data: Buffer, binary: boolean): void;
  /** ws has refused what came and is closing the socket itself. */
  fault(end: ConnectionEnd, fault: SocketFault): void;
  /** @param unfinished bytes of a message that had begun, undefined where none had */
  closed(end: ConnectionEnd, code: number, reason: Buffer, unfinished: number | undefined): void;
  unreachable(end: ConnectionEnd): void;
};

/** One end of a connection: a socket, or where no CSMS is, the built-in central system. */
export type ConnectionEnd = {
  readonly side: Side;
  /** Who speaks there. */
  readonly origin: Origin;
  /** Absent where nobody can be pinged. */
  readonly pings?: PingMeter;
  readonly isClosed: boolean;
  /** @returns false when it takes nothing any more; `written` is not called then */
  send(outgoing: Outgoing): boolean;
  pause(): void;
  resume(): void;
  /** Not read, whatever its own flow allows, while there is hardly room for records. Absent where nothing is read. */
  hold?(isHeld: boolean): void;
  /** What there is to tell of its having been read too fast. Absent where nobody is held back. */
  takeLimited?(): Limited | undefined;
  close(frame: CloseFrame): void;
  /** Ends it without a word. What it still held is lost. */
  terminate(): void;
  /** Called once a ping period. */
  probe(): void;
  /** Calls `heard` once, when anything comes; of two that wait the later one. Absent where nobody can be pinged. */
  ask?(heard: () => void): void;
};
