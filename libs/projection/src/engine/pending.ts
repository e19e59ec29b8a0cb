import type { LoggedRecord } from '@chargeproof/record';
import type { Row, Store } from '@chargeproof/tables';
import { RowText } from '@chargeproof/tables';
import type { StampedFact } from '../projection.ts';
import { RECORDS } from '../records/table.ts';
import type { RecordRow } from '../records/to-row.ts';
import { lineOf } from '../records/to-row.ts';
import type { Reached } from './checkpoints.ts';
import type { FactTables } from './fact-rows.ts';
import type { Gate } from './gates.ts';
import { NewestLines } from './newest.ts';
import { PARKED } from './tables.ts';

type FactRows = { readonly history: RowText; readonly current: NewestLines };

/** What one row may weigh beside its value, in bytes: only for the bound on a batch. */
const ROW_BYTES = 300;

/** Rows that were folded and are not in the store yet, as text, with the positions they make true. */
export class Pending {
  readonly reached = new Map<number, Reached>();
  readonly #records = new RowText(RECORDS);
  readonly #facts = new Map<FactTables, FactRows>();
  readonly #parked = new RowText(PARKED);
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
    this.#records.addLine(lineOf(row));
    this.#count();
  }

  /**
   * A fact that is in the history may still be missing from what is current, which was written beside it:
   * there once more does no harm.
   */
  addFact(tables: FactTables, stamped: StampedFact, gate: Gate): void {
    const rows = this.#rowsOf(tables);
    const { key, current, history } = tables.linesOf(stamped);
    if (!gate.asks || gate.admits(stamped.position, tables.keyOf(stamped))) {
      rows.history.addLine(history);
      this.#count();
    }
    const isLast = stamped.fact.settled === true;
    if (rows.current.add(stamped.stream.key, key, current, isLast)) this.#count();
  }

  addParked(row: Row): void {
    this.#parked.add(row);
    this.#count();
  }

  /**
   * Records first: after a crash their last offset tells where the batch ended that may be half there, and
   * the engine ends a batch there again.
   */
  async insertInto(store: Store): Promise<void> {
    await insert(store, this.#records);
    const inserts = [...this.#facts.values()].flatMap(({ history, current }) => [
      insert(store, history),
      insert(store, current.text()),
    ]);
    await Promise.all([...inserts, insert(store, this.#parked)]);
  }

  #rowsOf(tables: FactTables): FactRows {
    let rows = this.#facts.get(tables);
    if (rows === undefined) {
      rows = { history: new RowText(tables.history), current: new NewestLines(tables.current) };
      this.#facts.set(tables, rows);
    }
    return rows;
  }

  #count(): void {
    this.rows++;
    this.bytes += ROW_BYTES;
  }
}

async function insert(store: Store, rows: RowText): Promise<void> {
  if (rows.count > 0) await store.insert(rows.table, rows);
}
