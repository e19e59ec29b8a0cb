import { Bucket } from './bucket.ts';

/** How many names are remembered before those are forgotten that have nothing owing. */
const SWEEP_AT = 1000;

export type AllowanceOptions = {
  readonly perSecond: number;
  readonly most: number;
  /** Seconds, of a clock that never goes back. */
  readonly now: () => number;
};

/** How often each name may do something: a bucket each. */
export class Allowance {
  readonly #options: AllowanceOptions;
  readonly #buckets = new Map<string, Bucket>();
  #sweepAt = SWEEP_AT;

  constructor(options: AllowanceOptions) {
    this.#options = options;
  }

  /** Names that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  of(name: string): Bucket {
    const known = this.#buckets.get(name);
    if (known !== undefined) return known;
    const { perSecond, most, now } = this.#options;
    this.#sweep();
    const bucket = new Bucket(perSecond, most, now);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** A full bucket says no more than none. Twice what is left has to come before it is looked for again. */
  #sweep(): void {
    if (this.#buckets.size < this.#sweepAt) return;
    for (const [name, bucket] of this.#buckets) if (bucket.isFull) this.#buckets.delete(name);
    this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#buckets.size);
  }
}
