type Waiting<Wanted, Given> = {
  readonly wanted: Wanted;
  readonly resolve: (given: Given) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Gathers what is asked for until the event loop comes round, and asks for it at once: a list of fifty
 * nodes that each name a frame reads them in one query.
 */
export class Batcher<Wanted, Given> {
  readonly #load: (wanted: readonly Wanted[]) => Promise<readonly Given[]>;
  #waiting: Waiting<Wanted, Given>[] = [];

  /** @param load gives one for each wanted, in their order */
  constructor(load: (wanted: readonly Wanted[]) => Promise<readonly Given[]>) {
    this.#load = load;
  }

  load(wanted: Wanted): Promise<Given> {
    if (this.#waiting.length === 0) setImmediate(() => void this.#run());
    return new Promise((resolve, reject) => this.#waiting.push({ wanted, resolve, reject }));
  }

  async #run(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const given = await this.#load(waiting.map(({ wanted }) => wanted));
      waiting.forEach(({ resolve }, index) => {
        resolve(given[index] as Given);
      });
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
