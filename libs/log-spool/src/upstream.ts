import {
  type Log,
  LogAway,
  LogFailed,
  type LogReader,
  numberAfter,
  type NumberedLog,
  type Numbering,
  type Offsets,
} from '@chargeproof/log';
import type { Position } from '@chargeproof/record';
import { TOPIC } from './segments.ts';
import { aborted, passed, within } from './waiting.ts';

export type Reached = { readonly log: LogReader; readonly gone: AbortSignal };

/** A log that may know what it took by its number. */
export type LogBehind = Log & Partial<Pick<NumberedLog, 'numbering' | 'resume'>>;

export type UpstreamOptions = {
  /** @throws LogAway where it cannot be reached now; LogFailed where it is not as it must be */
  readonly openLog: () => Promise<LogBehind>;
  readonly retryMilliseconds: number;
  /** How long {@link Upstream.begin} waits for a log that says nothing. */
  readonly beginMilliseconds: number;
  /** Called with what keeps the log from being opened, once for each reason. */
  readonly onTrouble: (line: string) => void;
};

const FIRST_GENERATION = 0;
/** How long the log's own end is waited for: with its brokers away it would not come. */
const CLOSE_MILLISECONDS = 2000;

/** The log behind the spool: there or away, and where it ends and which numbers it gave as far as it has told us. */
export class Upstream {
  readonly #options: UpstreamOptions;
  #log: LogBehind | undefined;
  #opening: Promise<LogBehind> | undefined;
  #ends: Map<number, number> | undefined;
  /** partition → the number behind everything it has acknowledged. */
  #next = new Map<number, number>();
  #heardAt = performance.now();
  #reason = '';
  #reached = Promise.withResolvers<undefined>();
  #gone = new AbortController();
  readonly #closing = new AbortController();

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  get log(): LogBehind | undefined {
    return this.#log;
  }
  get generation(): number {
    return this.#log?.generation ?? FIRST_GENERATION;
  }
  /** Behind everything it has acknowledged, and everything it held when it was opened. */
  get ends(): Offsets | undefined {
    return this.#ends;
  }
  /** Behind the same; undefined for a log that gives no numbers. */
  get numbering(): Numbering | undefined {
    const numbering = this.#log?.numbering;
    return numbering && { ...numbering, next: new Map(this.#next) };
  }
  get silentSeconds(): number {
    return (performance.now() - this.#heardAt) / 1000;
  }
  /** Why it could not be opened the last time. */
  get reason(): string {
    return this.#reason;
  }

  /** @throws LogAway while it cannot be reached */
  get reader(): LogReader {
    if (this.#log === undefined) throw new LogAway(`the log cannot be reached now: ${this.#reason}`);
    return this.#log;
  }

  /**
   * Opens it if it can be reached now. Servers that stand still answer nothing for as long as their client waits:
   * then it is opened when they do, and we are there before.
   * @throws what is wrong with a log that can be: then nothing begins, and whoever wanted it to tells why
   */
  async begin(): Promise<void> {
    try {
      const { beginMilliseconds } = this.#options;
      await within(beginMilliseconds, this.#open());
      if (this.#log === undefined)
        throw new LogAway(`the log did not answer in ${beginMilliseconds / 1000} s`);
    } catch (error) {
      if (!(error instanceof LogAway)) throw error;
      this.#tell(error);
    }
  }

  /** Opens it as soon as that is possible. @returns undefined when it is closed before */
  async reach(): Promise<LogBehind | undefined> {
    while (!this.#closing.signal.aborted) {
      try {
        return await this.#open();
      } catch (error) {
        this.#tell(error);
        if (!(error instanceof LogFailed)) throw error;
        await this.pause(this.#options.retryMilliseconds);
      }
    }
    return undefined;
  }

  /** The log when it is there, and what tells that it was given up. @returns undefined when the signal or a close came before */
  async whenReached(signal: AbortSignal): Promise<Reached | undefined> {
    const isOver = () => signal.aborted || this.#closing.signal.aborted;
    while (this.#log === undefined && !isOver()) {
      await Promise.race([this.#reached.promise, aborted(signal), aborted(this.#closing.signal)]);
    }
    return isOver() || this.#log === undefined ? undefined : { log: this.#log, gone: this.#gone.signal };
  }

  acknowledged(positions: readonly Position[]): void {
    this.#heard();
    for (const { partition, offset } of positions) {
      this.#ends?.set(partition, offset + 1);
      this.#next.set(partition, numberAfter(this.#next.get(partition)));
    }
  }

  /** Nothing is under way: the log itself knows its numbers best. */
  takeNumbers(): void {
    this.#next = new Map(this.#log?.numbering?.next);
  }

  /** What it takes no more is another's business: it is closed, and opened anew by {@link reach}. */
  async giveUp(): Promise<void> {
    const log = this.#log;
    if (log === undefined) return;
    this.#log = undefined;
    this.#reached = Promise.withResolvers<undefined>();
    this.#gone.abort();
    await closed(log);
  }

  pause(milliseconds: number): Promise<void> {
    return passed(milliseconds, this.#closing.signal);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.giveUp();
  }

  /** Once at a time. */
  #open(): Promise<LogBehind> {
    this.#opening ??= this.#openNow().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #openNow(): Promise<LogBehind> {
    const log = await this.#options.openLog();
    const ends = await log.end(TOPIC).catch(async (error: unknown) => {
      await closed(log);
      throw error;
    });
    this.#ends = new Map(ends);
    this.#log = log;
    this.takeNumbers();
    this.#gone = new AbortController();
    this.#heard();
    this.#reached.resolve(undefined);
    return log;
  }

  #heard(): void {
    this.#heardAt = performance.now();
    this.#reason = '';
  }

  #tell(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (reason === this.#reason) return;
    this.#reason = reason;
    this.#options.onTrouble(reason);
  }
}

const closed = (log: Log) => within(CLOSE_MILLISECONDS, log.close()).catch(() => undefined);
