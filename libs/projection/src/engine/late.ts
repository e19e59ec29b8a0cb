import type { LoggedRecord, Position } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import type { Folder, Folding, StreamKey } from '../projection.ts';
import type { SelectedRow } from '../records/from-row.ts';
import { fromRow, RECORD_SELECT } from '../records/from-row.ts';
import type { Subjects } from '../records/subjects.ts';
import { runKey } from '../records/subjects.ts';
import { RECORDS } from '../records/table.ts';
import { namedPrevious } from './run-records.ts';
import type { ParkedStream } from './parkings.ts';
import type { Snapshot, Snapshots } from './snapshots.ts';
import type { Entry } from './streams.ts';

/** A run's records are sought by the wall clock, which may have stepped against the connections' own: by so much. */
const CLOCK_STEP = 3600 * 1_000_000;

/** What one row may weigh beside its value, in bytes. */
const ROW_BYTES = 500;

/** Folds streams again out of the `records` table, from a snapshot that stands before what came late. */
export class LateReader {
  readonly #store: Store;
  readonly #folder: Folder;
  readonly #snapshots: Snapshots;
  readonly #subjects: Subjects;
  readonly #generation: number;
  readonly #pageBytes: number;
  readonly #settle: (partition: number) => Promise<number>;

  /**
   * @param parts.settle waits until every record that was folded is in the table; gives the first offset of
   * the partition that was not folded yet
   */
  constructor(parts: {
    store: Store;
    folder: Folder;
    snapshots: Snapshots;
    subjects: Subjects;
    generation: number;
    /** Bytes of records that are read in one piece. */
    pageBytes: number;
    settle: (partition: number) => Promise<number>;
  }) {
    this.#store = parts.store;
    this.#folder = parts.folder;
    this.#snapshots = parts.snapshots;
    this.#subjects = parts.subjects;
    this.#generation = parts.generation;
    this.#pageBytes = parts.pageBytes;
    this.#settle = parts.settle;
  }

  /** @param late all of the batch's records for this stream, late or not */
  async refold(entry: Entry, late: readonly LoggedRecord[]): Promise<Folding> {
    const upTo = await this.#settle(entry.partition);
    const { snapshot, known } = await this.#base(
      entry,
      upTo,
      (snapshot, known) => !this.#folder.isLate(snapshot.state, [...known, ...late]),
    );
    const runRecords = await this.#runRecords(entry, snapshot, upTo, [...known, ...late]);
    return this.#folder.refold(snapshot.state, [...known, ...runRecords], late);
  }

  /**
   * Folds a parked stream again from a snapshot before it was parked.
   */
  async again(
    entry: Entry,
    upTo: number,
    parked: readonly Pick<ParkedStream, 'recordId' | 'since'>[],
  ): Promise<Folding> {
    const broke = new Set(parked.map(({ recordId }) => recordId));
    // Parked in a generation before this one: then it is since this one's beginning.
    const sinceOf = ({ generation, offset }: Position) => (generation < this.#generation ? 0 : offset);
    let first = Math.min(...parked.map(({ since }) => sinceOf(since)));
    const { snapshot, known: own } = await this.#base(entry, upTo, (snapshot, known) => {
      const isParked = Object.keys(snapshot.state.parked).length > 0;
      return !isParked && snapshot.next <= first && !this.#folder.isLate(snapshot.state, known);
    });
    // The record that broke it may lie before the position at which that was known.
    for (const { attributes, position } of own)
      if (broke.has(attributes.id)) first = Math.min(first, position.offset);
    const all = [...own, ...(await this.#runRecords(entry, snapshot, upTo, own))];
    return this.#folder.refold(
      snapshot.state,
      all.filter(({ position }) => position.offset < first),
      all.filter(({ position }) => position.offset >= first),
    );
  }

  /**
   * The newest snapshot that serves, with the stream's own records since, up to an offset. The beginning
   * of the stream always serves.
   */
  async #base(
    { stream, partition }: Entry,
    upTo: number,
    serves: (snapshot: Snapshot, known: readonly LoggedRecord[]) => boolean,
  ): Promise<{ readonly snapshot: Snapshot; readonly known: readonly LoggedRecord[] }> {
    for (const snapshot of await this.#snapshots.of(stream, upTo)) {
      const known = await this.#read(stream, partition, snapshot.next, upTo);
      if (serves(snapshot, known)) return { snapshot, known };
    }
    const snapshot = { state: this.#folder.initial(stream), next: 0, ordinal: 0 };
    return { snapshot, known: await this.#read(stream, partition, 0, upTo) };
  }

  /** The run records that a station's stream needs beside its own; a run's stream has all of them already. */
  async #runRecords(
    { stream, partition }: Entry,
    { state, next }: Snapshot,
    upTo: number,
    own: readonly LoggedRecord[],
  ): Promise<readonly LoggedRecord[]> {
    if (stream.kind === 'run') return [];
    const runs = new Set(this.#folder.watches(state));
    for (const { attributes } of own) runs.add(attributes.source);
    const since = state.folded === null ? 0 : state.folded.time - CLOCK_STEP;
    const rows = await this.#select(
      `tenant = '' AND (station IN {runs:Array(String)} OR type = 'recorder.run-started.v1')
       AND log_partition = {partition:UInt16} AND log_offset < {upTo:UInt64}
       AND (log_offset >= {next:UInt64} OR effective_time >= fromUnixTimestamp64Micro({since:Int64}))`,
      {
        runs: [...runs].map((run) => runKey(run, partition)),
        partition,
        upTo,
        next,
        since: Math.max(0, since),
      },
    );
    return rows.filter((record) => {
      const previous = namedPrevious(record);
      return runs.has(record.attributes.source) || (previous !== undefined && runs.has(previous));
    });
  }

  /** A stream's own records of a span of the log, in effective order. */
  async #read(
    stream: StreamKey,
    partition: number,
    from: number,
    upTo: number,
  ): Promise<readonly LoggedRecord[]> {
    const { tenant, station } = this.#subjects.ofStream(stream);
    const span =
      'log_partition = {partition:UInt16} AND log_offset >= {from:UInt64} AND log_offset < {upTo:UInt64}';
    if (stream.kind === 'run') {
      const records = await this.#select(
        `tenant = '' AND (station = {station:String} OR type = 'recorder.run-started.v1') AND ${span}`,
        { station, partition, from, upTo },
      );
      const run = stream.key.slice(0, stream.key.lastIndexOf('.'));
      return records.filter((record) => record.attributes.source === run || namedPrevious(record) === run);
    }
    const records = await this.#select(
      `tenant = {tenant:String} AND station = {station:String} AND ${span}`,
      {
        tenant,
        station,
        partition,
        from,
        upTo,
      },
    );
    // Keys that are no station's share one place in the table.
    return records.filter(({ key }) => key === stream.key);
  }

  async #select(
    condition: string,
    parameters: Record<string, string | number | readonly string[]>,
  ): Promise<readonly LoggedRecord[]> {
    const from = `FROM ${RECORDS.name} WHERE log_generation = {generation:UInt16} AND ${condition}`;
    const bound = { generation: this.#generation, ...parameters };
    const records: LoggedRecord[] = [];
    for (const { first, last } of await this.#pages(from, bound)) {
      const rows = await this.#store.select<SelectedRow>(
        `SELECT ${RECORD_SELECT} ${from} AND log_offset BETWEEN {first:UInt64} AND {last:UInt64}
         ORDER BY effective_time, connection, sequence`,
        { ...bound, first, last },
      );
      for (const row of rows) records.push(fromRow(row));
    }
    return records;
  }

  /**
   * Spans of offsets whose rows weigh about so much: a station's history may have more rows than a result
   * may, and what comes back in one piece is one text, which has a longest length.
   */
  #pages(
    from: string,
    parameters: Record<string, string | number | readonly string[]>,
  ): Promise<readonly { readonly first: string; readonly last: string }[]> {
    return this.#store.select(
      `SELECT min(log_offset) AS first, max(log_offset) AS last FROM (
         SELECT log_offset, sum(length(value) + ${ROW_BYTES}) OVER (ORDER BY log_offset) AS weight ${from})
       GROUP BY intDiv(weight, {page:UInt64}) ORDER BY first`,
      { ...parameters, page: this.#pageBytes },
    );
  }
}
