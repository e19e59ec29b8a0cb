import { setTimeout as pause } from 'node:timers/promises';
import { after, type LogReader, type Offsets, type Subscription } from '@chargeproof/log';
import type { LoggedRecord } from '@chargeproof/record';

export type DecisionFeedOptions = {
  readonly log: Pick<LogReader, 'end' | 'read' | 'subscribe'>;
  /**
   * Where the log ended when the feed began, before anything is given; again where it fails.
   * @returns the first offset to give
   */
  readonly onBegin: (end: number) => Promise<number>;
  readonly onRecord: (record: LoggedRecord) => void;
  /** Everything that was there at the beginning was given; then after each batch. */
  readonly onCaughtUp: () => void;
  /** It could not be read; it is tried again. Told once for each reason. */
  readonly onTrouble: (error: Error) => void;
};

const TOPIC = 'platform.decisions';
const BATCH = { topic: TOPIC, maxRecords: 1000, maxBytes: 4 * 1024 * 1024 } as const;
/** Between two attempts at a log that cannot be read. */
const PATIENCE_MILLISECONDS = 1000;

/**
 * Every decision from a place on, in log order, for ever: a log that goes away is read on where it was
 * when it is back. Stations are answered meanwhile; only their commands wait.
 */
export class DecisionFeed {
  readonly #options: DecisionFeedOptions;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #hasBegun = false;
  #told = '';
  #from: Offsets = new Map();
  #subscription: Subscription | undefined;

  constructor(options: DecisionFeedOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#subscription?.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    // A call, because the compiler takes a property it has checked once to stay as it was.
    const isClosing = () => signal.aborted;
    while (!isClosing()) {
      try {
        await this.#catchUp();
        if (isClosing()) return;
        await this.#follow();
      } catch (error) {
        if (isClosing()) return;
        this.#tell(error instanceof Error ? error : new Error(String(error)));
        await pause(PATIENCE_MILLISECONDS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #tell(error: Error): void {
    if (error.message === this.#told) return;
    this.#told = error.message;
    this.#options.onTrouble(error);
  }

  async #catchUp(): Promise<void> {
    const { log, onBegin, onCaughtUp } = this.#options;
    if (!this.#hasBegun) this.#from = new Map([[0, await onBegin((await log.end(TOPIC)).get(0) ?? 0)]]);
    this.#hasBegun = true;
    while (!this.#closing.signal.aborted) {
      const batch = await log.read({ ...BATCH, from: this.#from });
      if (batch.length === 0) break;
      this.#give(batch);
    }
    this.#told = '';
    onCaughtUp();
  }

  async #follow(): Promise<void> {
    const subscription = this.#options.log.subscribe({ ...BATCH, from: this.#from }, (batch) => {
      this.#give(batch);
      this.#options.onCaughtUp();
      return Promise.resolve();
    });
    this.#subscription = subscription;
    const closed = new Promise<void>((resolve) => {
      this.#closing.signal.addEventListener('abort', () => {
        resolve();
      });
    });
    try {
      await Promise.race([subscription.failed, closed]);
    } finally {
      await subscription.close();
    }
  }

  #give(batch: readonly LoggedRecord[]): void {
    for (const record of batch) this.#options.onRecord(record);
    this.#from = after(this.#from, batch);
  }
}
