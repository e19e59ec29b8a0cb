import { CallFailed, type Payload } from '../peer.ts';

export type Queued = {
  readonly action: 'StartTransaction' | 'StopTransaction' | 'MeterValues';
  /** Made when it is sent: what was asked earlier may have been answered meanwhile. */
  readonly payload: () => Payload;
  readonly answered?: (answer: Payload) => Promise<void>;
};

export type OutboxOptions = {
  /** Undefined while there is no link. @throws CallFailed */
  readonly send: (action: string, payload: Payload) => Promise<Payload> | undefined;
  /** TransactionMessageAttempts, and TransactionMessageRetryInterval in milliseconds, as they are now. */
  readonly retries: () => { readonly attempts: number; readonly interval: number };
};

/**
 * Messages of transactions: delivered in their order, kept while there is no link, sent again after an error
 * with waits that grow, and given up after so many attempts (OCPP 1.6, 3.7).
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #queue: Queued[] = [];
  #attempts = 0;
  #wait = 0;
  #draining: Promise<void> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** Milliseconds until the next attempt; undefined where none is waited for. */
  get due(): number | undefined {
    return this.#wait > 0 ? this.#wait : undefined;
  }

  /** Queues a message and sends what can be sent. */
  async post(message: Queued): Promise<void> {
    this.#queue.push(message);
    await this.drain();
  }

  /** So many milliseconds went by. */
  pass(milliseconds: number): void {
    this.#wait = Math.max(0, this.#wait - milliseconds);
  }

  /** Sends until the queue is empty, the link is down or a wait begins. */
  async drain(): Promise<void> {
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
    });
    await this.#draining;
  }

  async #drain(): Promise<void> {
    for (;;) {
      const [message] = this.#queue;
      if (message === undefined || this.#wait > 0) return;
      const answer = await this.#attempt(message);
      if (answer === undefined) return;
      this.#queue.shift();
      this.#attempts = 0;
      if (answer !== 'given-up') await message.answered?.(answer);
    }
  }

  async #attempt({ action, payload }: Queued): Promise<Payload | 'given-up' | undefined> {
    const { send, retries } = this.#options;
    try {
      return await send(action, payload());
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      // The line broke: that is no attempt of the central system's to take it.
      if (error.code === 'SocketClosed') return undefined;
      const { attempts, interval } = retries();
      if (++this.#attempts >= attempts) return 'given-up';
      this.#wait = interval * this.#attempts;
      return undefined;
    }
  }
}
