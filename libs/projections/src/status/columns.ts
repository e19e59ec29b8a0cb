import type { Columns } from '@chargeproof/tables';

/**
 * One row a StatusNotification: the status of a connector from this notification to its next. Connector 0
 * is the station. Rows without `until` are what holds now.
 */
export const key = { connector: 'Int64', record: 'String' } as const satisfies Columns;
export const values = {
  /** As sent, known to OCPP or not. */
  status: 'String',
  error_code: 'Nullable(String)',
  info: 'Nullable(String)',
  vendor_id: 'Nullable(String)',
  vendor_error_code: 'Nullable(String)',
  /** Effective (receive) time: what is sent late after an outage is not a status of then (OCPP 1.6, 4.9). */
  since: "DateTime64(6, 'UTC')",
  /** Of the next notification of that connector. */
  until: "Nullable(DateTime64(6, 'UTC'))",
  /** The station's own time, as sent, and what it reads as. */
  station_time: 'Nullable(String)',
  station_time_parsed: "Nullable(DateTime64(6, 'UTC'))",
  /** `plausible`, `implausible` (1970, 2099 …), `no-zone`, `unreadable`, `absent`. */
  clock: 'LowCardinality(String)',
  /** The notification that ended it. */
  next_record: 'Nullable(String)',
} as const satisfies Columns;
