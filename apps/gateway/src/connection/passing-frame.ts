import type { Leg as Side } from '@chargeproof/record';
import type { Waiter } from '../run/recorder.ts';
import type { Outgoing } from './connection-end.ts';

/** Where a frame's way can end. */
export type FrameWay = {
  /** Pass it on: it is durable, or need not be. */
  recorded(frame: PassingFrame): void;
  notRecorded(frame: PassingFrame, error: Error): void;
  /** The other side's socket failed with it. */
  notWritten(frame: PassingFrame): void;
  /** Nothing more will come of it. */
  over(frame: PassingFrame): void;
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
  /** Answers that are still to come: of the socket behind the log, or of both. */
  #toCome = 1;

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
    this.over();
  }
  written(error: Error | undefined): void {
    if (error !== undefined) this.#way.notWritten(this);
    this.over();
  }
  over(): void {
    this.#toCome -= 1;
    if (this.#toCome === 0) this.#way.over(this);
  }

  /** Lets it go on without the log, whose answer it then awaits besides. */
  besideLog(): Waiter {
    this.#toCome = 2;
    return {
      recorded: () => {
        this.over();
      },
      refused: (error) => {
        this.refused(error);
      },
    };
  }
}
