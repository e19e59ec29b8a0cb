import type { Offsets } from '@chargeproof/log';

type Waiter = {
  readonly positions: Offsets;
  readonly resolve: () => void;
  readonly reject: (why: unknown) => void;
};

/** Those who wait until the store has come so far. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();
  #failure: { readonly why: unknown } | undefined;

  get size(): number {
    return this.#waiting.size;
  }

  add(positions: Offsets, committed: Offsets): Promise<void> {
    if (isReached(positions, committed)) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    if (this.#failure !== undefined) reject(this.#failure.why);
    else {
      const done = () => {
        resolve(undefined);
      };
      this.#waiting.add({ positions, resolve: done, reject });
    }
    return promise;
  }

  /** Whether somebody waits for nothing more than what has been folded. */
  areDue(folded: (partition: number) => number): boolean {
    for (const { positions } of this.#waiting) {
      if ([...positions].every(([partition, offset]) => folded(partition) >= offset)) return true;
    }
    return false;
  }

  reached(committed: Offsets): void {
    for (const waiter of this.#waiting) {
      if (!isReached(waiter.positions, committed)) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
  }

  /** Nothing will be reached any more. */
  fail(why: unknown): void {
    this.#failure ??= { why };
    for (const { reject } of this.#waiting) reject(why);
    this.#waiting.clear();
  }
}

function isReached(positions: Offsets, committed: Offsets): boolean {
  for (const [partition, offset] of positions) if ((committed.get(partition) ?? 0) < offset) return false;
  return true;
}
