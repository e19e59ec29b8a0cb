import type { Offsets } from '@chargeproof/log';
import type { Store } from '@chargeproof/tables';
import type { Checkpoints, Reached } from './checkpoints.ts';
import type { EngineOptions } from './options.ts';
import { Pending } from './pending.ts';
import type { Snapshots, Written } from './snapshots.ts';
import type { Counters, FlushReason } from './stats.ts';

type Parts = {
  readonly store: Store;
  readonly checkpoints: Checkpoints;
  readonly snapshots: Snapshots;
  readonly options: EngineOptions;
  readonly counters: Counters;
  /** partition → first offset whose rows were not all in the store when the engine started. */
  readonly committed: Offsets;
  /** Takes the states that changed since they were last written, as they stand now. */
  readonly capture: () => readonly Written[];
  /** Where everything folded stands now. */
  readonly folded: () => ReadonlyMap<number, Reached>;
  readonly onCommit: () => void;
  readonly onError: (error: unknown) => void;
};

/**
 * Writes batches one after the other: while one is inserted, the next is folded. Rows, then the positions
 * they make true, then, when they are due, the states that stand there. It stops at the first failure, so
 * that a position is never written above rows that are missing.
 */
export class Flusher {
  pending = new Pending();
  readonly committed: Map<number, number>;
  /** Somebody waits for what is pending. */
  urgent = false;
  readonly #parts: Parts;
  #inFlight: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #begun = -Infinity;
  #took = 0;
  #statesWritten = performance.now();
  #recordsSince = 0;
  #stopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.committed = new Map(parts.committed);
  }

  /** To be called when something was added. Resolves when there is room for more. */
  async added(): Promise<void> {
    if (this.#inFlight === undefined && this.#isReady()) this.#begin('rows');
    for (let reason = this.#full(); reason !== undefined; reason = this.#full()) {
      if (this.#inFlight === undefined) this.#begin(reason);
      else await this.#inFlight;
      if (this.#stopped) return;
    }
    this.#schedule();
  }

  /** Resolves when nothing is pending. */
  async settle(reason: FlushReason = 'time'): Promise<void> {
    while (!this.#stopped && (this.#inFlight !== undefined || !this.pending.isEmpty)) {
      if (this.#inFlight === undefined) this.#begin(reason);
      await this.#inFlight;
    }
  }

  /** Writes all there is, states included, and ends. */
  async finish(): Promise<void> {
    await this.settle('stop');
    if (!this.#stopped) this.#begin('stop');
    await this.#inFlight;
    this.stop();
  }

  /** Begins nothing any more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  hurry(): void {
    this.urgent = true;
    if (this.#inFlight === undefined && !this.pending.isEmpty) this.#schedule();
  }

  #isReady(): boolean {
    return !this.#stopped && this.pending.rows >= this.#parts.options.readyRows;
  }

  #full(): FlushReason | undefined {
    const { batchRows, batchBytes } = this.#parts.options;
    if (this.#stopped) return undefined;
    if (this.pending.rows >= batchRows) return 'rows';
    return this.pending.bytes >= batchBytes ? 'bytes' : undefined;
  }

  #schedule(): void {
    if (this.#inFlight !== undefined || this.#stopped) return;
    const { rest, intervalMs, statesMs } = this.#parts.options;
    clearTimeout(this.#timer);
    const reason = this.pending.isEmpty ? 'states' : 'time';
    const from =
      reason === 'states'
        ? this.#statesWritten + statesMs
        : this.#begun + Math.min(this.#took * rest, intervalMs);
    if (reason === 'states' && this.#recordsSince === 0) return;
    const delay = this.urgent && reason === 'time' ? 0 : Math.max(0, from - performance.now());
    this.#timer = setTimeout(() => {
      if (this.#inFlight === undefined && !this.#stopped) this.#begin(reason);
    }, delay);
  }

  #begin(reason: FlushReason): void {
    clearTimeout(this.#timer);
    const taken = this.pending;
    this.pending = new Pending();
    this.urgent = false;
    this.#begun = performance.now();
    this.#recordsSince += taken.records;
    // Taken together, in one go: a state stands exactly at the positions that are written before it.
    const states = this.#statesDue(reason)
      ? { written: this.#parts.capture(), reached: new Map(this.#parts.folded()) }
      : undefined;
    this.#inFlight = this.#write(taken, reason, states).then(
      () => {
        this.#inFlight = undefined;
        this.#schedule();
      },
      (error: unknown) => {
        this.#inFlight = undefined;
        this.stop();
        this.#parts.onError(error);
      },
    );
  }

  #statesDue(reason: FlushReason): boolean {
    const { statesMs, statesRecords } = this.#parts.options;
    if (reason === 'stop' || reason === 'states') return true;
    return this.#recordsSince >= statesRecords || this.#begun - this.#statesWritten >= statesMs;
  }

  async #write(
    taken: Pending,
    reason: FlushReason,
    states: { written: readonly Written[]; reached: ReadonlyMap<number, Reached> } | undefined,
  ): Promise<void> {
    const { store, checkpoints, snapshots, counters, onCommit } = this.#parts;
    const begun = performance.now();
    await taken.insertInto(store);
    const news = new Map(
      [...taken.reached].filter(([partition, { offset }]) => this.#isNews(partition, offset)),
    );
    await checkpoints.write('facts', news);
    for (const [partition, { offset }] of news) this.committed.set(partition, offset);
    onCommit();
    if (states !== undefined) {
      await snapshots.write(states.written);
      await checkpoints.write('states', states.reached);
      counters.snapshots += states.written.length;
      this.#statesWritten = performance.now();
      this.#recordsSince = 0;
    }
    this.#took = performance.now() - begun;
    if (!taken.isEmpty) counters.wrote(taken.rows, this.#took, reason);
  }

  #isNews(partition: number, offset: number): boolean {
    return offset > (this.committed.get(partition) ?? 0);
  }
}
