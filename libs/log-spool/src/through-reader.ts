import {
  type BatchHandler,
  LogFailed,
  type LogReader,
  type Offsets,
  type ReadRequest,
  type Subscription,
  type Topic,
} from '@chargeproof/log';
import type { LoggedRecord } from '@chargeproof/record';
import { followThrough } from './following.ts';
import type { Upstream } from './upstream.ts';

export type ThroughParts = {
  readonly upstream: Upstream;
  readonly retryMilliseconds: number;
  /** A line each. */
  readonly onTrouble: (line: string) => void;
};

/** Reads the log behind the spool: what is asked for is rejected with LogAway while it is away, what is followed goes on. */
export class ThroughReader implements LogReader {
  readonly #parts: ThroughParts;
  readonly #subscriptions = new Set<Subscription>();
  #isClosing = false;

  constructor(parts: ThroughParts) {
    this.#parts = parts;
  }

  get generation(): number {
    return this.#parts.upstream.generation;
  }
  protected get isClosing(): boolean {
    return this.#isClosing;
  }

  async read(request: ReadRequest): Promise<readonly LoggedRecord[]> {
    return this.#reader().read(request);
  }

  subscribe(request: ReadRequest, handler: BatchHandler): Subscription {
    const { upstream, retryMilliseconds, onTrouble } = this.#parts;
    const reached = {
      reach: (signal: AbortSignal) => upstream.whenReached(signal),
      retryMilliseconds,
      onTrouble,
    };
    const subscription = followThrough(reached, request, handler);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async commit(topic: Topic, group: string, offsets: Offsets): Promise<void> {
    await this.#reader().commit(topic, group, offsets);
  }

  async committed(topic: Topic, group: string): Promise<Offsets> {
    return this.#reader().committed(topic, group);
  }

  async end(topic: Topic): Promise<Offsets> {
    return this.#reader().end(topic);
  }

  async recordsFrom(topic: Topic, from: Offsets): Promise<number> {
    return this.#reader().recordsFrom(topic, from);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
  }

  #reader(): LogReader {
    if (this.#isClosing) throw new LogFailed('the log is closed');
    return this.#parts.upstream.reader;
  }
}
