import type { Micros, RecordId } from '@chargeproof/record';
import type { Parameters, Store } from '@chargeproof/tables';
import { factsAt, type ReadAt } from '../read-at/facts-at.ts';
import { transactions } from '../transactions/transactions.ts';

/** What a transaction's energy is computed of, its samples apart. Times are microseconds as text. */
export type EnergyRow = {
  readonly station: string;
  readonly transaction: string;
  readonly connector: string | null;
  readonly started_us: string | null;
  readonly stopped_us: string | null;
  readonly first_heard_us: string;
  readonly last_heard_us: string;
  readonly meter_start: string | null;
  readonly meter_stop: string | null;
  readonly stop_method: string;
  readonly start_record: RecordId | null;
  readonly stop_record: RecordId | null;
  readonly inferred_from_record: RecordId | null;
  /** Of the transaction before it on that connector. */
  readonly previous_stop: string | null;
  readonly previous_stop_record: RecordId | null;
};

/** Each page reads all transactions of the stations that are left, for what stood before each: so few pages. */
const ROWS_A_PAGE = 50_000;
const BEGUN = 'coalesce(started, first_heard)';
const PREVIOUS = `OVER (PARTITION BY station, connector ORDER BY ${BEGUN}, transaction
  ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING)`;

/** A refused start of which no stop is known moved no energy; one that was stopped may have (OCPP 1.6, 9.1.9 MaxEnergyOnInvalidId). */
const MAY_HAVE_ENERGY = `(kind != 'attempt' OR stop_record IS NOT NULL)`;

/** Transactions that began in a time: of one whose begin is unknown, that were first heard of in it. */
export const begunIn = (from: Micros, to: Micros): Narrowing => ({
  condition: `${BEGUN} >= fromUnixTimestamp64Micro({from:Int64}) AND ${BEGUN} < fromUnixTimestamp64Micro({to:Int64})`,
  parameters: { from, to },
});

/** Transactions by their keys. */
export const withKeys = (keys: readonly string[]): Narrowing => ({
  condition: 'transaction IN {keys:Array(String)}',
  parameters: { keys },
});

export type Narrowing = { readonly condition: string; readonly parameters: Parameters };

/** Pages of transactions by station, then key. */
export async function* transactionRows(
  store: Store,
  at: ReadAt,
  { condition, parameters }: Narrowing,
): AsyncGenerator<readonly EnergyRow[]> {
  const facts = factsAt(transactions, at);
  const sql = `SELECT station, transaction, connector, toUnixTimestamp64Micro(started) AS started_us,
  toUnixTimestamp64Micro(stopped) AS stopped_us, toUnixTimestamp64Micro(first_heard) AS first_heard_us,
  toUnixTimestamp64Micro(last_heard) AS last_heard_us, meter_start, meter_stop, stop_method,
  start_record, stop_record, inferred_from_record, previous_stop, previous_stop_record
FROM (SELECT *, any(meter_stop) ${PREVIOUS} AS previous_stop, any(stop_record) ${PREVIOUS} AS previous_stop_record
  FROM ${facts.sql} WHERE ${MAY_HAVE_ENERGY} AND station >= {afterStation:String})
WHERE ${condition} AND (station, transaction) > ({afterStation:String}, {afterTransaction:String})
ORDER BY station, transaction LIMIT ${ROWS_A_PAGE}`;
  for (let after = { station: '', transaction: '' }; ;) {
    const rows = await store.select<EnergyRow>(sql, {
      ...facts.parameters,
      ...parameters,
      afterStation: after.station,
      afterTransaction: after.transaction,
    });
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_A_PAGE) return;
    after = last;
  }
}
