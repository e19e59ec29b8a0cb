import type { LoggedRecord } from '@chargeproof/record';
import type { Row, Store, TableDefinition } from '@chargeproof/tables';
import type { StampedFact } from '../projection.ts';
import { RECORDS } from '../records/table.ts';
import type { RecordRow } from '../records/to-row.ts';
import type { Reached } from './checkpoints.ts';
import type { FactTables } from './fact-rows.ts';
import type { Gate } from './gates.ts';
import { PARKED } from './tables.ts';

type FactRows = { readonly history: Row[]; readonly current: Map<string, Row> };

/** What one row may weigh beside its value, in bytes: only for the bound on a batch. */
const ROW_BYTES = 300;

/** Rows that were folded and are not in the store yet, with the positions they make true. */
export class Pending {
  readonly reached = new Map<number, Reached>();
  readonly #records: RecordRow[] = [];
  readonly #facts = new Map<FactTables, FactRows>();
  readonly #parked: Row[] = [];
  records = 0;
  rows = 0;
  bytes = 0;

  get isEmpty(): boolean {
    return this.reached.size === 0 && this.rows === 0;
  }

  /** The record was folded: with all rows so far in the store, its partition has come so far. */
  addReached({ position, loggedAt, value }: LoggedRecord): void {
    this.reached.set(position.partition, { offset: position.offset + 1, loggedAt });
    this.records++;
    this.bytes += value.byteLength;
  }

  addRecord(row: RecordRow): void {
    this.#records.push(row);
    this.#count();
  }

  /**
   * A fact that is in the history may still be missing from what is current, which was written beside it:
   * there once more does no harm.
   */
  addFact(tables: FactTables, stamped: StampedFact, gate: Gate): void {
    const rows = this.#rowsOf(tables);
    const row = tables.currentRow(stamped);
    const key = tables.keyOf(row);
    if (gate.admits(stamped.position, key)) {
      rows.history.push(tables.historyRow(stamped));
      this.#count();
    }
    if (!rows.current.has(key)) this.#count();
    rows.current.set(key, row);
  }

  addParked(row: Row): void {
    this.#parked.push(row);
    this.#count();
  }

  /**
   * Records first: after a crash their last offset tells where the batch ended that may be half there, and
   * the engine ends a batch there again.
   */
  async insertInto(store: Store): Promise<void> {
    await insert(store, RECORDS, this.#records);
    const inserts = [...this.#facts].flatMap(([tables, { history, current }]) => [
      insert(store, tables.history, history),
      insert(store, tables.current, [...current.values()]),
    ]);
    await Promise.all([...inserts, insert(store, PARKED, this.#parked)]);
  }

  #rowsOf(tables: FactTables): FactRows {
    let rows = this.#facts.get(tables);
    if (rows === undefined) {
      rows = { history: [], current: new Map() };
      this.#facts.set(tables, rows);
    }
    return rows;
  }

  #count(): void {
    this.rows++;
    this.bytes += ROW_BYTES;
  }
}

async function insert(store: Store, table: TableDefinition, rows: readonly Row[]): Promise<void> {
  if (rows.length > 0) await store.insert(table, rows);
}
