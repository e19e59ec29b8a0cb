import type { Micros } from '@chargeproof/record';

/**
 * Stamps records with `loggedAt`: the append time, or the `loggedat` a moved record brings, and never
 * earlier than what its partition had before. A wall clock that steps back stands still here. A `loggedat` that
 * has not come yet is no time at which anything was logged: it would push all that follows it into the future.
 */
export class PartitionClock {
  readonly #latest: Map<number, Micros>;

  /** @param latest partition → the `loggedAt` of its last record */
  constructor(latest: Iterable<readonly [number, Micros]> = []) {
    this.#latest = new Map(latest);
  }

  stamp(partition: number, now: Micros, loggedat?: Micros): Micros {
    const stamped = Math.max(Math.min(loggedat ?? now, now), this.#latest.get(partition) ?? 0);
    this.#latest.set(partition, stamped);
    return stamped;
  }
}

/** Wall clock time in whole microseconds (to the millisecond: finer is not what a wall clock knows). */
export const wallClock = (): Micros => Date.now() * 1000;
