import { after, type BatchHandler, type ReadRequest, type Subscription } from '@chargeproof/log';
import type { Reached } from './upstream.ts';
import { aborted, passed } from './waiting.ts';

/** The log as it can be had: anew, after it was away. */
export type Reaching = {
  /** @param signal ends the wait */
  reach(signal: AbortSignal): Promise<Reached | undefined>;
  readonly retryMilliseconds: number;
  readonly onTrouble: (line: string) => void;
};

/** A subscription that outlives the log's being away: it goes on behind the last batch that was handled. */
export function followThrough(reaching: Reaching, request: ReadRequest, handler: BatchHandler): Subscription {
  const closing = new AbortController();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const running = new Following(reaching, request, handler, closing.signal).run().catch(reject);
  return {
    failed,
    close() {
      closing.abort();
      return running;
    },
  };
}

class Following {
  readonly #reaching: Reaching;
  readonly #request: ReadRequest;
  readonly #handler: BatchHandler;
  readonly #signal: AbortSignal;
  #from: ReadRequest['from'];
  /** What the handler threw: that ends it. */
  #thrown: { readonly error: unknown } | undefined;

  constructor(reaching: Reaching, request: ReadRequest, handler: BatchHandler, signal: AbortSignal) {
    this.#reaching = reaching;
    this.#request = request;
    this.#handler = handler;
    this.#signal = signal;
    this.#from = request.from;
  }

  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      const reached = await this.#reaching.reach(this.#signal);
      if (reached === undefined) return;
      await this.#follow(reached);
      await passed(this.#reaching.retryMilliseconds, this.#signal);
    }
  }

  /** Until it is closed, the log is given up, or it fails. @throws what the handler threw */
  async #follow({ log, gone }: Reached): Promise<void> {
    try {
      const inner = log.subscribe({ ...this.#request, from: this.#from }, (batch) => this.#hand(batch));
      await Promise.race([inner.failed, aborted(this.#signal), aborted(gone)]).finally(() => inner.close());
    } catch (error) {
      if (this.#thrown !== undefined) throw this.#thrown.error;
      this.#reaching.onTrouble(`the log cannot be followed now: ${String(error)}`);
    }
  }

  async #hand(batch: Parameters<BatchHandler>[0]): Promise<void> {
    try {
      await this.#handler(batch);
    } catch (error) {
      this.#thrown = { error };
      throw error;
    }
    this.#from = after(this.#from, batch);
  }
}
