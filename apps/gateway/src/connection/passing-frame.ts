import type { Leg as Side } from '@chargeproof/record';
import type { Waiter } from '../run/recorder.ts';
import type { Outgoing } from './connection-end.ts';

/** Where a frame's way can end. */
export type FrameWay = {
  /** It is durable: pass it on. */
  recorded(frame: PassingFrame): void;
  notRecorded(frame: PassingFrame, error: Error): void;
  /** The other side's socket has it, or failed with it. */
  written(frame: PassingFrame, error: Error | undefined): void;
};

/** One frame between its receipt and its leaving; it is the log's waiter and the socket's callback in one. */
export class PassingFrame implements Waiter, Outgoing {
  readonly from: Side;
  readonly data: Buffer;
  readonly binary: boolean;
  readonly sequence: number;
  /** Milliseconds on the process's clock. */
  readonly receivedAt = performance.now();
  readonly #way: FrameWay;

  constructor(way: FrameWay, from: Side, data: Buffer, binary: boolean, sequence: number) {
    this.#way = way;
    this.from = from;
    this.data = data;
    this.binary = binary;
    this.sequence = sequence;
  }

  recorded(): void {
    this.#way.recorded(this);
  }
  refused(error: Error): void {
    this.#way.notRecorded(this, error);
  }
  written(error: Error | undefined): void {
    this.#way.written(this, error);
  }
}
