import type { Micros } from '@chargeproof/record';
import type { Row, Store } from '@chargeproof/tables';
import type { Folder, StreamKey, StreamState } from '../projection.ts';
import type { Subjects } from '../records/subjects.ts';
import { STATES, versionOf } from './tables.ts';

/** A folded state and where it stands: every record of its stream below `next` is in it. */
export type Snapshot = {
  readonly state: StreamState;
  readonly next: number;
  /** Counts the stream's snapshots, from 1; 0 where there is none yet. */
  readonly ordinal: number;
};

/** What is written of one stream. */
export type Written = Snapshot & { readonly partition: number; readonly loggedAt: Micros };

type Selected = { stream: string; ordinal: number; log_offset: string; state: string };

const STREAMS_A_QUERY = 500;

/**
 * Folded states in the store (the table's own words say how they are thinned). A state is written only
 * after its facts are, so whatever is found here stands at or below the checkpoint.
 */
export class Snapshots {
  readonly #store: Store;
  readonly #folder: Folder;
  readonly #subjects: Subjects;
  readonly #consumer: string;
  readonly #generation: number;

  constructor(parts: {
    store: Store;
    folder: Folder;
    subjects: Subjects;
    consumer: string;
    generation: number;
  }) {
    this.#store = parts.store;
    this.#folder = parts.folder;
    this.#subjects = parts.subjects;
    this.#consumer = parts.consumer;
    this.#generation = parts.generation;
  }

  async write(states: readonly Written[]): Promise<void> {
    if (states.length > 0)
      await this.#store.insert(
        STATES,
        states.map((written) => this.#toRow(written)),
      );
  }

  /** The newest state of each of these streams, by key; none of a stream that has none. */
  async newest(kind: StreamKey['kind'], keys: readonly string[]): Promise<ReadonlyMap<string, Snapshot>> {
    const found = new Map<string, Snapshot>();
    for (let start = 0; start < keys.length; start += STREAMS_A_QUERY) {
      const rows = await this.#select(kind, keys.slice(start, start + STREAMS_A_QUERY), 'LIMIT 1 BY stream');
      for (const row of rows) {
        const snapshot = this.#fromRow(row);
        if (snapshot !== undefined) found.set(row.stream, snapshot);
      }
    }
    return found;
  }

  /** All states kept of one stream that stand at or below a position, newest first. */
  async of(stream: StreamKey, upTo: number): Promise<readonly Snapshot[]> {
    const rows = await this.#select(stream.kind, [stream.key], '');
    return rows
      .map((row) => this.#fromRow(row))
      .filter((snapshot) => snapshot !== undefined)
      .filter(({ next }) => next <= upTo);
  }

  /** Streams of a partition that may watch this run. */
  async watching(run: string, partition: number): Promise<readonly string[]> {
    const rows = await this.#store.select<{ stream: string }>(
      `SELECT DISTINCT stream FROM ${STATES.name}
       WHERE consumer = {consumer:String} AND log_generation = {generation:UInt16}
         AND log_partition = {partition:UInt16} AND kind = 'station' AND position(watches, {run:String}) > 0`,
      { consumer: this.#consumer, generation: this.#generation, partition, run },
    );
    return rows.map(({ stream }) => stream);
  }

  #select(kind: StreamKey['kind'], keys: readonly string[], limit: string): Promise<readonly Selected[]> {
    const tenants = new Set(keys.map((key) => this.#subjects.ofStream({ kind, key }).tenant));
    return this.#store.select<Selected>(
      `SELECT stream, ordinal, log_offset, state FROM ${STATES.name}
       WHERE tenant IN {tenants:Array(String)} AND kind = {kind:String} AND stream IN {keys:Array(String)}
         AND consumer = {consumer:String} AND log_generation = {generation:UInt16}
       ORDER BY stream, log_offset DESC, ordinal DESC ${limit}`,
      { tenants: [...tenants], kind, keys, consumer: this.#consumer, generation: this.#generation },
    );
  }

  #fromRow({ ordinal, log_offset, state }: Selected): Snapshot | undefined {
    const read = JSON.parse(state) as StreamState;
    return this.#folder.fits(read) ? { state: read, next: Number(log_offset), ordinal } : undefined;
  }

  #toRow({ state, next, ordinal, partition, loggedAt }: Written): Row {
    const { stream } = state;
    const watches = this.#folder.watches(state);
    return {
      tenant: this.#subjects.ofStream(stream).tenant,
      kind: stream.kind,
      stream: stream.key,
      consumer: this.#consumer,
      slot: slotOf(ordinal),
      ordinal,
      version: versionOf({ generation: this.#generation, offset: next }),
      log_generation: this.#generation,
      log_partition: partition,
      log_offset: next,
      logged_at: loggedAt,
      folded_time: state.folded?.time ?? 0,
      watches: watches.length === 0 ? '' : JSON.stringify(watches),
      state: JSON.stringify(state),
    };
  }
}

/** Trailing zeros of the ordinal: 1, 3, 5, … share slot 0; 2, 6, 10, … slot 1; and so on. */
export function slotOf(ordinal: number): number {
  return ordinal === 0 ? 0 : 31 - Math.clz32(ordinal & -ordinal);
}
