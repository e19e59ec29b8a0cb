import type { LoggedRecord } from '@chargeproof/record';
import { isImport } from '../fold/imports.ts';
import { isRunRecord } from '../fold/items.ts';
import type { Folder, Folding, StampedFact, StreamKey, StreamState } from '../projection.ts';
import { runKey } from '../records/subjects.ts';
import type { LateReader } from './late.ts';
import { namedPrevious } from './run-records.ts';
import { refuseUnfit } from './refuse.ts';
import type { Snapshots } from './snapshots.ts';
import type { TablesOfFacts } from './start.ts';
import type { Entry, Streams } from './streams.ts';

/** A stream whose set of parked projections is another than before. */
export type ParkingChange = { readonly entry: Entry; readonly before: StreamState };
export type FoldedBatch = {
  readonly facts: readonly StampedFact[];
  readonly parkings: readonly ParkingChange[];
  /** Streams that had to be folded again for late records. */
  readonly refolded: number;
};

type Hand = { readonly entry: Entry; readonly records: LoggedRecord[] };

/**
 * Folds a batch of the log: hands each record to the streams that want it, reads what is missing, and
 * then, in one go without waiting for anything, folds. Until {@link prepare}'s result is called nothing
 * has changed, so that states and positions can be captured together at any time in between.
 */
export class BatchFolder {
  readonly #folder: Folder;
  readonly #streams: Streams;
  readonly #snapshots: Snapshots;
  readonly #late: LateReader;
  readonly #tables: TablesOfFacts;
  #batches = 0;

  constructor(parts: {
    folder: Folder;
    streams: Streams;
    snapshots: Snapshots;
    late: LateReader;
    tables: TablesOfFacts;
  }) {
    this.#folder = parts.folder;
    this.#streams = parts.streams;
    this.#snapshots = parts.snapshots;
    this.#late = parts.late;
    this.#tables = parts.tables;
  }

  /** @returns what folds the batch, at once */
  async prepare(batch: readonly LoggedRecord[]): Promise<() => FoldedBatch> {
    this.#batches++;
    await this.#load(batch);
    const hands = this.#deal(batch);
    const refolds = new Map<Entry, Folding>();
    for (const { entry, records } of hands) {
      if (this.#folder.isLate(entry.state, records))
        refolds.set(entry, await this.#late.refold(entry, records));
    }
    return () => this.#fold(hands, refolds);
  }

  #fold(hands: readonly Hand[], refolds: ReadonlyMap<Entry, Folding>): FoldedBatch {
    const facts: StampedFact[] = [];
    const parkings: ParkingChange[] = [];
    for (const { entry, records } of hands) {
      const before = entry.state;
      const folded = refolds.get(entry) ?? this.#folder.forward(before, records);
      const folding = refuseUnfit(before, folded, this.#tables);
      for (const fact of folding.facts) facts.push(fact);
      if (folding.state === before) continue;
      this.advance(entry, folding.state);
      if (before.parked !== folding.state.parked) parkings.push({ entry, before });
    }
    return { facts, parkings, refolded: refolds.size };
  }

  /** Puts a stream's next state in place of the one before. */
  advance(entry: Entry, state: StreamState): void {
    const before = entry.state;
    entry.state = state;
    entry.changed = true;
    if (before.open === state.open && before.ended === state.ended) return;
    const watches = this.#folder.watches(state);
    for (const run of this.#folder.watches(before)) {
      if (!watches.includes(run)) this.#streams.unwatch(run, entry);
    }
    for (const run of watches) this.#streams.watch(run, entry);
  }

  /** A stream in memory, brought in where it is not there. */
  async entryOf({ kind, key }: StreamKey, partition: number): Promise<Entry> {
    if (this.#streams.get(kind, key) === undefined) await this.#bringIn(kind, new Map([[key, partition]]));
    const entry = this.#streams.get(kind, key);
    if (entry === undefined) throw new Error(`no stream ${key}`);
    return entry;
  }

  /** Which streams get which of the records, in the order of the log. */
  #deal(batch: readonly LoggedRecord[]): Hand[] {
    const hands = new Map<Entry, Hand>();
    const give = (entry: Entry | undefined, record: LoggedRecord) => {
      if (entry === undefined || record.position.offset < entry.next) return;
      entry.seen = this.#batches;
      const hand = hands.get(entry);
      if (hand === undefined) hands.set(entry, { entry, records: [record] });
      else hand.records.push(record);
    };
    for (const record of batch) {
      if (isRunRecord(record)) {
        for (const entry of this.#wantedBy(record)) give(entry, record);
        continue;
      }
      const entry = this.#streams.get('station', record.key);
      give(entry, record);
      if (entry !== undefined && entry.source !== record.attributes.source && !isImport(record)) {
        entry.source = record.attributes.source;
        this.#streams.watch(entry.source, entry);
      }
    }
    return [...hands.values()];
  }

  #wantedBy(record: LoggedRecord): Set<Entry | undefined> {
    const { partition } = record.position;
    const wanted = new Set<Entry | undefined>();
    for (const run of concernedRuns(record)) {
      wanted.add(this.#streams.get('run', runKey(run, partition)));
      for (const entry of this.#streams.watchersOf(run, partition)) wanted.add(entry);
    }
    return wanted;
  }

  /** Brings the batch's streams into memory: from their newest state, or as new ones. */
  async #load(batch: readonly LoggedRecord[]): Promise<void> {
    const missing = { station: new Map<string, number>(), run: new Map<string, number>() };
    for (const record of batch) {
      const { partition } = record.position;
      if (!isRunRecord(record)) {
        if (this.#streams.get('station', record.key) === undefined)
          missing.station.set(record.key, partition);
        continue;
      }
      for (const run of concernedRuns(record)) {
        const key = runKey(run, partition);
        if (this.#streams.get('run', key) === undefined) missing.run.set(key, partition);
        if (this.#streams.isComplete(run, partition)) continue;
        for (const station of await this.#snapshots.watching(run, partition)) {
          if (this.#streams.get('station', station) === undefined) missing.station.set(station, partition);
        }
        this.#streams.setComplete(run, partition);
      }
    }
    await this.#bringIn('station', missing.station);
    await this.#bringIn('run', missing.run);
  }

  async #bringIn(kind: StreamKey['kind'], missing: ReadonlyMap<string, number>): Promise<void> {
    if (missing.size === 0) return;
    const kept = await this.#snapshots.newest(kind, [...missing.keys()]);
    for (const [key, partition] of missing) {
      const stream = { kind, key };
      const snapshot = kept.get(key) ?? { state: this.#folder.initial(stream), next: 0, ordinal: 0 };
      const entry = { stream, partition, ...snapshot, changed: false, seen: this.#batches, source: '' };
      this.#streams.add(entry, this.#folder.watches(snapshot.state));
    }
  }
}

/** The run that wrote it and, where it says that a new run began, the run before. */
function concernedRuns(record: LoggedRecord): readonly string[] {
  const { source } = record.attributes;
  const previous = namedPrevious(record);
  return previous === undefined || previous === source ? [source] : [source, previous];
}
