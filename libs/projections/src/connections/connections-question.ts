import type { Micros } from '@chargeproof/record';
import { type Conditions, factList } from '../paging/index.ts';
import { connections } from './connections.ts';

export type ConnectionState = 'open' | 'closed' | 'lost' | 'refused';

/** Which connections a question is about. Absent members do not narrow. */
export type ConnectionFilter = {
  readonly tenant: string;
  readonly station?: readonly string[] | undefined;
  readonly state?: readonly ConnectionState[] | undefined;
  /** Those that were open at any time from here on. */
  readonly from?: Micros | undefined;
  /** And before this. */
  readonly to?: Micros | undefined;
};

export type ConnectionRow = {
  readonly connection: string;
  readonly tenant: string;
  readonly station: string;
  readonly state: ConnectionState;
  readonly opened_us: string;
  readonly closed_us: string | null;
  readonly code: number | null;
  readonly why: string | null;
  readonly by: string;
  readonly subprotocol: string | null;
  readonly run: string;
  readonly previous: string | null;
  readonly remote_address: string | null;
  readonly frames_from_station: number | null;
  readonly frames_to_station: number | null;
  readonly opened_record: string | null;
  readonly ended_record: string | null;
};

const COLUMNS = `connection, tenant, station, state, toUnixTimestamp64Micro(opened) AS opened_us,
  toUnixTimestamp64Micro(closed) AS closed_us, code, why, by, subprotocol, run, previous, remote_address,
  frames_from_station, frames_to_station, opened_record, ended_record`;

/** Of a lost one nobody saw the end: it was open as long as anything was heard of it. */
const UNTIL = `multiIf(state = 'open', NULL, closed IS NOT NULL, closed, last_heard IS NOT NULL, last_heard, opened)`;

const CONDITIONS: Conditions<ConnectionFilter> = {
  state: 'state IN {state:Array(String)}',
  from: `(${UNTIL} IS NULL OR ${UNTIL} >= fromUnixTimestamp64Micro({from:Int64}))`,
  to: 'opened < fromUnixTimestamp64Micro({to:Int64})',
};

/** Newest first, refused handshakes among them; no two have the same id. */
export const connectionList = factList<ConnectionFilter, ConnectionRow>(connections, {
  order: {
    name: 'connections',
    newestFirst: true,
    by: [
      { column: 'opened_us', sql: 'toUnixTimestamp64Micro(opened)', type: 'Int64' },
      { column: 'connection', sql: 'connection', type: 'String' },
    ],
  },
  columns: COLUMNS,
  conditions: CONDITIONS,
});
