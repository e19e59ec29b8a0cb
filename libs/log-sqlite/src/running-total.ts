import { BEYOND } from './period-file.ts';
import type { Total } from './stored-block.ts';

/**
 * How many records stand in the blocks from an offset on. Who asks moves on, and the log grows: of a million records
 * only those are counted that were passed, or came, since it was asked last.
 */
export class RunningTotal {
  readonly #total: (from: number, before: number) => Total;
  #from = 0;
  #until = 0;
  #records = 0;

  constructor(total: (from: number, before: number) => Total) {
    this.#total = total;
  }

  recordsFrom(from: number): number {
    if (from < this.#from || from >= this.#until) {
      this.#from = this.#until = from;
      this.#records = 0;
    }
    const passed = this.#total(this.#from, from).records;
    const came = this.#total(this.#until, BEYOND);
    this.#records += came.records - passed;
    this.#from = from;
    this.#until = came.until;
    return this.#records;
  }
}
