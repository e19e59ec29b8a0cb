import type { AppendRequest, Log } from '@chargeproof/log';
import { LogFull } from '@chargeproof/log';
import { FRAME_PARTITIONS } from '@chargeproof/record';
import { isOfTheReserve } from './reserve.ts';

/** What goes on once a record is durable, or what happens when the log refuses it. */
export type Waiter = {
  recorded(): void;
  refused(error: Error): void;
};

export const NOBODY: Waiter = {
  recorded: () => undefined,
  refused: () => undefined,
};

export type RecorderOptions = {
  readonly log: Pick<Log, 'append'>;
  /** The log cannot go on. Called once; nothing is recorded from then on. */
  readonly onFailure: (error: Error) => void;
  /** A waiter threw: our bug. The other waiters of its batch go on. */
  readonly onBug: (error: unknown) => void;
};

type Written = { readonly request: AppendRequest; readonly waiter: Waiter; readonly partition: number };

/**
 * The one way to the log. What arrives within one turn of the event loop, from all connections, is one
 * append; the waiters are called in the order of the writes when it is durable. So a frame costs no
 * promise of its own, and order is kept per connection and over all of them.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  /** Records written since the counts were last taken, by partition; ticks are not counted. */
  #counts = new Array<number>(FRAME_PARTITIONS).fill(0);
  #batch: Written[] = [];
  #inFlight = 0;
  #scheduled = false;
  #failure: Error | undefined;
  #idle: (() => void)[] = [];

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** @param partition where the record's key puts it, known to the caller for all records of a connection */
  write(request: AppendRequest, partition: number, waiter: Waiter): void {
    this.#batch.push({ request, waiter, partition });
    if (request.attributes.type !== 'recorder.tick.v1') this.#count(partition, 1);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  /** How many records went to each partition since this was last asked. A tick counts only what came before it. */
  takeCounts(): readonly number[] {
    const counts = this.#counts;
    this.#counts = new Array<number>(FRAME_PARTITIONS).fill(0);
    return counts;
  }

  /** For a tick that was not recorded: the next one counts what it would have told. */
  putBack(counts: readonly number[]): void {
    counts.forEach((count, partition) => {
      this.#count(partition, count);
    });
  }

  /** As {@link write}, for what has nothing else to do meanwhile. @throws LogFull, LogFailed */
  recorded(request: AppendRequest, partition: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.write(request, partition, { recorded: resolve, refused: reject });
    });
  }

  /** Settles when everything written so far is durable or refused. */
  drained(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle.push(resolve);
    });
  }

  readonly #flush = (): void => {
    const batch = this.#batch;
    this.#batch = [];
    this.#scheduled = false;
    this.#append(batch, true);
  };

  #append(batch: readonly Written[], mayRetry: boolean): void {
    if (this.#failure !== undefined) {
      this.#refuse(batch, this.#failure);
      this.#settled();
      return;
    }
    this.#inFlight += 1;
    this.#options.log
      .append(
        'ocpp.frames',
        batch.map(({ request }) => request),
      )
      .then(
        () => {
          this.#tell(batch);
        },
        (error: unknown) => {
          this.#refused(batch, asError(error), mayRetry);
        },
      )
      .finally(() => {
        this.#inFlight -= 1;
        this.#settled();
      })
      .catch(this.#options.onBug);
  }

  #refused(batch: readonly Written[], error: Error, mayRetry: boolean): void {
    if (!(error instanceof LogFull)) {
      if (this.#failure === undefined) {
        this.#failure = error;
        this.#options.onFailure(error);
      }
      this.#refuse(batch, error);
      return;
    }
    const again = mayRetry ? batch.filter(({ request }) => isOfTheReserve(request)) : [];
    this.#refuse(mayRetry ? batch.filter(({ request }) => !isOfTheReserve(request)) : batch, error);
    if (again.length > 0) this.#append(again, false);
  }

  #tell(batch: readonly Written[]): void {
    for (const { waiter } of batch) {
      try {
        waiter.recorded();
      } catch (error) {
        this.#options.onBug(error);
      }
    }
  }

  #refuse(batch: readonly Written[], error: Error): void {
    for (const { request, waiter, partition } of batch) {
      if (request.attributes.type !== 'recorder.tick.v1') this.#count(partition, -1);
      try {
        waiter.refused(error);
      } catch (bug) {
        this.#options.onBug(bug);
      }
    }
  }

  #count(partition: number, change: number): void {
    this.#counts[partition] = (this.#counts[partition] ?? 0) + change;
  }

  #isIdle(): boolean {
    return this.#batch.length === 0 && this.#inFlight === 0;
  }

  #settled(): void {
    if (!this.#isIdle()) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
