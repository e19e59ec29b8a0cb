import type { Clock } from '@chargeproof/ocpp';
import type { Micros } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { type Conditions, factList } from '../paging/index.ts';
import { factsAt, type ReadAt } from '../read-at/index.ts';
import { status } from './status.ts';

/** Which intervals a question is about. Absent members do not narrow. */
export type StatusFilter = {
  readonly tenant: string;
  readonly station?: readonly string[] | undefined;
  readonly connector?: number | undefined;
  /** Intervals that hold at any time from here on. */
  readonly from?: Micros | undefined;
  /** And began before this. */
  readonly to?: Micros | undefined;
};

/** 64-bit integers come as strings. */
export type StatusRow = {
  readonly tenant: string;
  readonly station: string;
  readonly connector: string;
  /** The notification; `next_record` is the one that ended it. */
  readonly record: string;
  readonly status: string;
  readonly error_code: string | null;
  readonly info: string | null;
  readonly vendor_id: string | null;
  readonly vendor_error_code: string | null;
  readonly since_us: string;
  /** Null: it holds. */
  readonly until_us: string | null;
  readonly station_time: string | null;
  readonly station_time_parsed_us: string | null;
  readonly clock: Clock;
  readonly next_record: string | null;
};

const COLUMNS = `tenant, station, connector, record, status, error_code, info, vendor_id, vendor_error_code,
  toUnixTimestamp64Micro(since) AS since_us, toUnixTimestamp64Micro(until) AS until_us, station_time,
  toUnixTimestamp64Micro(station_time_parsed) AS station_time_parsed_us, clock, next_record`;

const CONDITIONS: Conditions<StatusFilter> = {
  connector: 'connector = {connector:Int64}',
  from: '(until IS NULL OR until > fromUnixTimestamp64Micro({from:Int64}))',
  to: 'since < fromUnixTimestamp64Micro({to:Int64})',
};

/** Oldest first; no two are of one record. */
export const statusList = factList<StatusFilter, StatusRow>(status, {
  order: {
    name: 'statusTimeline',
    newestFirst: false,
    by: [
      { column: 'since_us', sql: 'toUnixTimestamp64Micro(since)', type: 'Int64' },
      { column: 'station', sql: 'station', type: 'String' },
      { column: 'connector', sql: 'connector', type: 'Int64' },
      { column: 'record', sql: 'record', type: 'String' },
    ],
  },
  columns: COLUMNS,
  conditions: CONDITIONS,
});

/** What each connector of these stations was last told to be, as it was known at the frontier. */
export function currentStatusAt(store: Store, at: ReadAt): Promise<readonly StatusRow[]> {
  const { sql, parameters } = factsAt(status, at);
  return store.select<StatusRow>(
    `SELECT ${COLUMNS} FROM ${sql} WHERE until IS NULL
ORDER BY station, connector, since DESC, record DESC LIMIT 1 BY station, connector`,
    parameters,
  );
}
