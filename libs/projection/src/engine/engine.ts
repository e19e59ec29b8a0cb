import type { Offsets, Subscription } from '@chargeproof/log';
import type { LoggedRecord } from '@chargeproof/record';
import { frameOf } from '@chargeproof/ocpp';
import { placeOf } from '../fold/place.ts';
import { toRow } from '../records/to-row.ts';
import type { Reached } from './checkpoints.ts';
import type { FoldedBatch } from './batch-folder.ts';
import { BatchFolder } from './batch-folder.ts';
import { Flusher } from './flusher.ts';
import { LateReader } from './late.ts';
import type { Engine, EngineParts } from './options.ts';
import type { ParkedStream } from './parkings.ts';
import { replayParked } from './replay.ts';
import type { Written } from './snapshots.ts';
import type { Ground } from './start.ts';
import { prepareGround } from './start.ts';
import type { EngineStats } from './stats.ts';
import { Counters } from './stats.ts';
import { Streams } from './streams.ts';
import { Waiters } from './waiters.ts';

/**
 * Starts folding the log into the store, from where the store says it stands. The store's checkpoint is
 * the truth: reading is at least once, the tables are as if it were once.
 * @throws StoreError where the store has tables of another shape
 */
export async function startEngine(parts: EngineParts): Promise<Engine> {
  const engine = new RunningEngine(parts, await prepareGround(parts));
  engine.run();
  return engine;
}

class RunningEngine implements Engine {
  readonly failed: Promise<never>;
  readonly #parts: EngineParts;
  readonly #ground: Ground;
  readonly #streams = new Streams();
  readonly #counters: Counters;
  readonly #folded = new Map<number, Reached>();
  readonly #waiters = new Waiters();
  readonly #flusher: Flusher;
  readonly #late: LateReader;
  readonly #folder: BatchFolder;
  readonly #reject: (error: unknown) => void;
  #subscription: Subscription | undefined;
  /** One batch, or one replay, at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #stopping: Promise<void> | undefined;
  #hasFailed = false;

  constructor(parts: EngineParts, ground: Ground) {
    this.#parts = parts;
    this.#counters = new Counters(parts.onBatch);
    this.#ground = ground;
    const { promise, reject } = Promise.withResolvers<never>();
    this.failed = promise;
    this.failed.catch(() => undefined);
    this.#reject = reject;
    const { store } = parts;
    const { folder, snapshots, subjects, checkpoints, tables, options, committed, generation } = ground;
    this.#flusher = new Flusher({
      store,
      checkpoints,
      snapshots,
      options,
      committed,
      counters: this.#counters,
      capture: () => this.#capture(),
      folded: () => this.#folded,
      onCommit: () => {
        this.#waiters.reached(this.#flusher.committed);
        parts.onCommit?.();
      },
      onError: (error) => {
        this.#fail(error);
      },
    });
    this.#late = new LateReader({
      store,
      folder,
      snapshots,
      subjects,
      generation,
      pageBytes: options.lateBytes,
      settle: async (partition) => {
        await this.#flusher.settle();
        return this.#foldedTo(partition);
      },
    });
    this.#folder = new BatchFolder({ folder, streams: this.#streams, snapshots, late: this.#late, tables });
  }

  run(): void {
    const { options, from, partitions } = this.#ground;
    this.#subscription = this.#parts.log.subscribe(
      {
        topic: options.topic,
        from,
        partitions,
        maxRecords: options.readRecords,
        maxBytes: options.readBytes,
      },
      (batch) => this.#inTurn(() => this.#take(batch)),
    );
    this.#subscription.failed.catch((error: unknown) => {
      this.#fail(error);
    });
  }

  whenProcessed(positions: Offsets): Promise<void> {
    const waiting = this.#waiters.add(positions, this.#flusher.committed);
    if (this.#isAwaited()) this.#flusher.hurry();
    return waiting;
  }

  positions(): Offsets {
    return new Map(this.#flusher.committed);
  }

  parked(): readonly ParkedStream[] {
    return this.#ground.parkings.list();
  }

  replay(stream?: string): Promise<readonly ParkedStream[]> {
    return this.#inTurn(async () => {
      await this.#flusher.settle();
      await replayParked({
        ...this.#ground,
        late: this.#late,
        batchFolder: this.#folder,
        pending: () => this.#flusher.pending,
        reached: (partition) => {
          const { offset, loggedAt } = this.#folded.get(partition) ?? {
            offset: this.#foldedTo(partition),
            loggedAt: 0,
          };
          return { next: offset, loggedAt };
        },
        only: stream,
      });
      await this.#flusher.settle();
      return this.parked();
    });
  }

  async stats(): Promise<EngineStats> {
    const { log } = this.#parts;
    const { options, partitions } = this.#ground;
    const ends = await log.end(options.topic);
    const end = new Map([...ends].filter(([partition]) => partitions.includes(partition)));
    const committed = this.positions();
    const missing = new Map(partitions.map((partition) => [partition, committed.get(partition) ?? 0]));
    return this.#counters.snapshot({
      end,
      committed,
      lagRecords: await log.recordsFrom(options.topic, missing),
      folded: this.#folded,
      streams: this.#streams.size,
      parked: this.parked().length,
    });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    await this.#subscription?.close();
    await this.#turn.catch(() => undefined);
    if (!this.#hasFailed) await this.#flusher.finish();
    this.#waiters.fail(new Error('the engine has stopped'));
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#flusher.stop();
    this.#waiters.fail(error);
    this.#reject(error);
    this.#parts.onError?.(error);
    void this.#subscription?.close().catch(() => undefined);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(work, work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #take(batch: readonly LoggedRecord[]): Promise<void> {
    for (const part of this.#ground.replayEnd.split(batch)) {
      if (this.#hasFailed) return;
      const fold = await this.#folder.prepare(part);
      this.#foldInto(part, fold);
      await this.#flusher.added();
    }
  }

  /** No `await` in here: states, positions and pending rows change together. */
  #foldInto(batch: readonly LoggedRecord[], fold: () => FoldedBatch): void {
    const begun = performance.now();
    const { pending } = this.#flusher;
    const { gates, subjects } = this.#ground;
    for (const record of batch) {
      if (gates.records.admits(record.position)) {
        pending.addRecord(toRow(record, verdictOn(record), placeOf(record).time, subjects));
      }
      pending.addReached(record);
    }
    const folded = fold();
    this.#addFacts(folded);
    for (const [partition, reached] of pending.reached) {
      this.#folded.set(partition, reached);
      gates.passed(partition, reached.offset);
    }
    if (this.#isAwaited()) this.#flusher.urgent = true;
    this.#counters.folded(batch.length, performance.now() - begun, folded.refolded);
    this.#evict();
  }

  #addFacts({ facts, parkings }: FoldedBatch): void {
    const { pending } = this.#flusher;
    const { tables, gates } = this.#ground;
    for (const stamped of facts) {
      const table = tables.of(stamped);
      const gate = gates.of(table);
      if (!gate.isWritten(stamped.position)) pending.addFact(table, stamped, gate);
    }
    for (const { entry, before } of parkings) {
      const { loggedAt } = this.#folded.get(entry.partition) ?? { loggedAt: 0 };
      for (const row of this.#ground.parkings.follow(before, entry.state, loggedAt)) pending.addParked(row);
    }
  }

  #isAwaited(): boolean {
    return this.#waiters.areDue((partition) => this.#foldedTo(partition));
  }

  /** The first offset of a partition that was not folded yet. */
  #foldedTo(partition: number): number {
    return this.#folded.get(partition)?.offset ?? this.#ground.from.get(partition) ?? 0;
  }

  #capture(): readonly Written[] {
    return this.#streams.changed().map((entry) => {
      const reached = this.#folded.get(entry.partition) ?? { offset: 0, loggedAt: 0 };
      entry.changed = false;
      entry.ordinal++;
      return {
        state: entry.state,
        next: Math.max(entry.next, reached.offset),
        ordinal: entry.ordinal,
        partition: entry.partition,
        loggedAt: reached.loggedAt,
      };
    });
  }

  #evict(): void {
    const { folder, options } = this.#ground;
    if (this.#streams.size > options.mostStreams * 1.1)
      this.#streams.evict(options.mostStreams, ({ state }) => folder.watches(state));
  }
}

const verdictOn = (record: LoggedRecord) =>
  record.attributes.type === 'ocpp.frame.v1' ? frameOf(record) : undefined;
