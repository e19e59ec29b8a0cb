import type { Answered } from '@chargeproof/central-system';
import type { ConnectionEnd, EndEvents, Outgoing } from '../connection/connection-end.ts';

export type AnsweringOptions = {
  readonly answer: (data: Uint8Array, opcode: 'text' | 'binary') => Answered;
  readonly events: Pick<EndEvents, 'message' | 'closed'>;
  /** An answer is due that cannot be given: the station has to send its message again, over another connection. */
  readonly onWithheld: () => void;
  readonly onBug: (error: unknown) => void;
};

const NO_CODE = 1005;

/**
 * The built-in central system at the end of one connection. What it takes is durable already; what it answers
 * goes the way of every frame, so it is recorded before the station gets it, one after the other.
 */
export class AnsweringEnd implements ConnectionEnd {
  readonly side = 'upstream';
  readonly origin = 'gateway';
  readonly #options: AnsweringOptions;
  /** Taken and not answered yet, because the station does not read what it was answered. */
  readonly #waiting: Outgoing[] = [];
  #paused = false;
  #closed = false;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  send(outgoing: Outgoing): boolean {
    if (this.#closed) return false;
    this.#waiting.push(outgoing);
    this.#work();
    return true;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#work();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const outgoing of this.#waiting.splice(0)) outgoing.written(new Error('not answered'));
    this.#options.events.closed(this, NO_CODE, Buffer.alloc(0), undefined);
  }

  terminate(): void {
    this.close();
  }

  probe(): void {
    // It is in this process: there is nothing to find out.
  }

  #work(): void {
    while (!this.#paused && !this.#closed) {
      const outgoing = this.#waiting.shift();
      if (outgoing === undefined) return;
      outgoing.written(this.#answer(outgoing));
    }
  }

  /** @returns why it has no answer, where it should have one */
  #answer({ data, binary }: Outgoing): Error | undefined {
    const { answer, events, onWithheld, onBug } = this.#options;
    try {
      const { response, withheld } = answer(data, binary ? 'binary' : 'text');
      if (response !== undefined) events.message(this, Buffer.from(response), false);
      if (withheld !== true) return undefined;
    } catch (bug) {
      onBug(bug);
    }
    onWithheld();
    return new Error('not answered');
  }
}
