import { StoreError } from '@chargeproof/tables';

/**
 * Runs work on as many lanes as it is given, one piece at a time on each, in the order of the calls.
 * chDB's connections are serial by themselves, but each call that waits inside holds one of the
 * process's few pool threads; here it waits for nothing.
 */
export class LaneQueue<Lane> {
  readonly #free: Lane[];
  readonly #waiting: ((lane: Lane) => void)[] = [];
  #running = 0;
  #closed = false;
  #drained: (() => void) | undefined;

  constructor(lanes: readonly Lane[]) {
    this.#free = [...lanes];
  }

  /** @throws StoreError `closed` once the queue is closed */
  async run<Result>(work: (lane: Lane) => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new StoreError('closed', 'the store is closed');
    this.#running += 1;
    const lane = this.#free.pop() ?? (await this.#nextFree());
    try {
      return await work(lane);
    } finally {
      this.#release(lane);
    }
  }

  /** Takes no more work; resolves when all that was taken is done. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => {
      const before = this.#drained;
      this.#drained = () => {
        before?.();
        resolve();
      };
    });
  }

  #nextFree(): Promise<Lane> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(lane: Lane): void {
    this.#running -= 1;
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(lane);
    else next(lane);
    if (this.#running === 0) this.#drained?.();
  }
}
