import type { Direction, Micros } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { type Conditions, factList } from '../paging/index.ts';
import { factsAt, type Frontier } from '../read-at/index.ts';
import { exchanges, type Outcome } from './exchanges.ts';

/** Which exchanges a question is about. Absent members do not narrow. */
export type ExchangeFilter = {
  readonly tenant: string;
  readonly station?: readonly string[] | undefined;
  readonly connection?: string | undefined;
  readonly direction?: Direction | undefined;
  readonly action?: readonly string[] | undefined;
  readonly messageId?: string | undefined;
  readonly outcome?: readonly Outcome[] | undefined;
  /** Effective time of the CALL, of an orphan: of the response; included. */
  readonly from?: Micros | undefined;
  /** Not included. */
  readonly to?: Micros | undefined;
};

export type ExchangeRow = {
  readonly exchange: string;
  readonly tenant: string;
  readonly station: string;
  readonly connection: string;
  readonly direction: Direction;
  readonly message_id: string;
  readonly action: string | null;
  readonly outcome: Outcome;
  readonly error_code: string | null;
  readonly at_us: string;
  readonly called_us: string | null;
  readonly answered_us: string | null;
  readonly latency: string | null;
  readonly call_record: string | null;
  readonly answer_record: string | null;
};

/** When the CALL was seen; of an orphan: the response. */
const AT = 'coalesce(called, answered, fact_time)';

const COLUMNS = `exchange, tenant, station, connection, direction, message_id, action, outcome, error_code,
  toUnixTimestamp64Micro(${AT}) AS at_us, toUnixTimestamp64Micro(called) AS called_us,
  toUnixTimestamp64Micro(answered) AS answered_us, latency, call_record, answer_record`;

/** Member → its condition, tenant and station apart: those narrow the facts themselves. */
const CONDITIONS: Conditions<ExchangeFilter> = {
  connection: 'connection = {connection:String}',
  direction: 'direction = {direction:String}',
  action: 'action IN {action:Array(String)}',
  messageId: 'message_id = {messageId:String}',
  outcome: 'outcome IN {outcome:Array(String)}',
  from: `${AT} >= fromUnixTimestamp64Micro({from:Int64})`,
  to: `${AT} < fromUnixTimestamp64Micro({to:Int64})`,
};

/** Newest first; no two exchanges have the same record. */
export const exchangeList = factList<ExchangeFilter, ExchangeRow>(exchanges, {
  order: {
    name: 'exchanges',
    newestFirst: true,
    by: [
      { column: 'at_us', sql: `toUnixTimestamp64Micro(${AT})`, type: 'Int64' },
      { column: 'connection', sql: 'connection', type: 'String' },
      { column: 'exchange', sql: 'exchange', type: 'String' },
    ],
  },
  columns: COLUMNS,
  conditions: CONDITIONS,
});

/** A CALL of the central system, by what it was sent with. */
export type CallSent = { readonly connection: string; readonly messageId: string };

/** The exchanges that such CALLs of some stations began, those that are known. */
export function exchangesOfCalls(
  store: Store,
  { tenant, station }: { readonly tenant: string; readonly station: readonly string[] },
  calls: readonly CallSent[],
  frontier: Frontier,
): Promise<readonly ExchangeRow[]> {
  const { sql, parameters } = factsAt(exchanges, { tenant, station, frontier });
  return store.select<ExchangeRow>(
    `SELECT ${COLUMNS} FROM ${sql}
WHERE direction = 'csms-to-station' AND connection IN {connections:Array(String)} AND message_id IN {ids:Array(String)}`,
    {
      ...parameters,
      connections: calls.map(({ connection }) => connection),
      ids: calls.map(({ messageId }) => messageId),
    },
  );
}
