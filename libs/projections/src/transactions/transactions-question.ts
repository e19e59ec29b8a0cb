import type { Micros, RecordId } from '@chargeproof/record';
import type { Evidence } from '../evidence/index.ts';
import { type Conditions, factList } from '../paging/index.ts';
import { factsAt, type Frontier } from '../read-at/index.ts';
import type { Kind, StopMethod, TimeSource } from './transaction.ts';
import { transactionFrames } from './transaction-frames.ts';
import { transactions } from './transactions.ts';

/** Which transactions a question is about. Absent members do not narrow. */
export type TransactionFilter = {
  readonly tenant: string;
  readonly station?: readonly string[] | undefined;
  readonly connector?: number | undefined;
  readonly kind?: readonly Kind[] | undefined;
  /** Record ids that key them. */
  readonly id?: readonly string[] | undefined;
  readonly transactionId?: string | undefined;
  /** Stand-ins of the tags that began or stopped it. */
  readonly idTag?: readonly string[] | undefined;
  /** When it began; of one whose begin is unknown: when it was first heard of. Included. */
  readonly from?: Micros | undefined;
  /** Not included. */
  readonly to?: Micros | undefined;
};

/** As `columns.ts` has them; times in microseconds and other 64-bit integers as text. */
export type TransactionAt = {
  readonly transaction: string;
  readonly tenant: string;
  readonly station: string;
  readonly kind: Kind;
  readonly connector: string | null;
  readonly transaction_id: string | null;
  readonly id_tag: string | null;
  readonly id_tag_status: string | null;
  readonly reservation_id: string | null;
  readonly starts: number;
  /** When it began, else when it was first heard of. */
  readonly at_us: string;
  readonly started_us: string | null;
  readonly started_by: TimeSource;
  readonly start_received_us: string | null;
  readonly start_station_time: string | null;
  readonly stopped_us: string | null;
  readonly stopped_by: TimeSource;
  readonly stop_received_us: string | null;
  readonly stop_station_time: string | null;
  readonly meter_start: string | null;
  readonly meter_stop: string | null;
  readonly stop_reason: string | null;
  readonly stop_id_tag: string | null;
  readonly stop_method: StopMethod;
  readonly start_record: RecordId | null;
  readonly start_answer_record: RecordId | null;
  readonly stop_record: RecordId | null;
  readonly stop_answer_record: RecordId | null;
  readonly inferred_from_record: RecordId | null;
  readonly first_heard_us: string;
  readonly last_record: RecordId;
  readonly last_heard_us: string;
};

const AT = 'coalesce(started, first_heard)';
const micros = (column: string) => `toUnixTimestamp64Micro(${column}) AS ${column}_us`;
const TIMES = ['started', 'start_received', 'stopped', 'stop_received', 'first_heard', 'last_heard'];
const COLUMNS = `transaction, tenant, station, kind, connector, transaction_id, id_tag, id_tag_status, reservation_id,
  starts, started_by, stopped_by, start_station_time, stop_station_time, meter_start, meter_stop, stop_reason,
  stop_id_tag, stop_method, start_record, start_answer_record, stop_record, stop_answer_record,
  inferred_from_record, last_record, toUnixTimestamp64Micro(${AT}) AS at_us, ${TIMES.map(micros).join(', ')}`;

/** Member → its condition, tenant and station apart: those narrow the facts themselves. */
const CONDITIONS: Conditions<TransactionFilter> = {
  connector: 'connector = {connector:Int64}',
  kind: 'kind IN {kind:Array(String)}',
  id: 'transaction IN {id:Array(String)}',
  transactionId: 'transaction_id = {transactionId:String}',
  idTag: '(id_tag IN {idTag:Array(String)} OR stop_id_tag IN {idTag:Array(String)})',
  from: `${AT} >= fromUnixTimestamp64Micro({from:Int64})`,
  to: `${AT} < fromUnixTimestamp64Micro({to:Int64})`,
};

/** Transactions, attempts and orphans, newest first; no two have the same key. */
export const transactionList = factList<TransactionFilter, TransactionAt>(transactions, {
  order: {
    name: 'transactions',
    newestFirst: true,
    by: [
      { column: 'at_us', sql: `toUnixTimestamp64Micro(${AT})`, type: 'Int64' },
      { column: 'station', sql: 'station', type: 'String' },
      { column: 'transaction', sql: 'transaction', type: 'String' },
    ],
  },
  columns: COLUMNS,
  conditions: CONDITIONS,
});

/** All frames that prove it: its starts, answers, meter values and stops, and those its end was read off. */
export function evidenceOfTransaction(
  { tenant, station, transaction }: Pick<TransactionAt, 'tenant' | 'station' | 'transaction'>,
  frontier: Frontier,
): Evidence {
  const facts = factsAt(transactionFrames, { tenant, station: [station], frontier });
  const sql = `SELECT record FROM ${facts.sql} WHERE transaction = {transaction:String} ORDER BY fact_time, record`;
  return { tenant, station, frontier, records: { sql, parameters: { ...facts.parameters, transaction } } };
}
