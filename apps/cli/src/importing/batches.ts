import type { AppendRequest } from '@chargeproof/log';

const MOST_RECORDS = 500;
const MOST_BYTES = 1024 * 1024;

/** Appends records in batches, in their order: one is on its way while the next is made. */
export class Batches {
  readonly #append: (records: readonly AppendRequest[]) => Promise<void>;
  #batch: AppendRequest[] = [];
  #bytes = 0;
  #onItsWay: Promise<void> = Promise.resolve();

  constructor(append: (records: readonly AppendRequest[]) => Promise<void>) {
    this.#append = append;
  }

  add(record: AppendRequest): void {
    this.#batch.push(record);
    this.#bytes += record.value.byteLength;
  }

  get isFull(): boolean {
    return this.#batch.length >= MOST_RECORDS || this.#bytes >= MOST_BYTES;
  }

  /** Waits for the batch before this one. @throws what appending throws */
  async send(): Promise<void> {
    await this.#onItsWay;
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    this.#bytes = 0;
    this.#onItsWay = this.#append(batch);
    // Whoever waits for it gets its error; nobody may wait for a while.
    this.#onItsWay.catch(() => undefined);
  }

  /** Everything is durable. */
  async finish(): Promise<void> {
    await this.send();
    await this.#onItsWay;
  }
}
