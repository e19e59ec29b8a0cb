import type { Columns, TableDefinition } from '@chargeproof/tables';

/**
 * Every record of every type, one row each (DESIGN 6). From a row the record can be rebuilt to the byte:
 * an attribute that its own column does not give back stands in `other`.
 */
export const RECORD_COLUMNS = {
  /** Empty on what a run says of itself. */
  tenant: 'LowCardinality(String)',
  /** Empty on a refusal that names no station; `<run>.<partition>` on what a run says of itself. */
  station: 'String',
  /** The record's place among its station's records, with connection and sequence (DESIGN 5). */
  effective_time: "DateTime64(6, 'UTC')",
  connection: 'String',
  sequence: 'UInt32',

  log_generation: 'UInt16',
  log_partition: 'UInt16',
  log_offset: 'UInt64',
  logged_at: "DateTime64(6, 'UTC')",

  id: 'String',
  source: 'LowCardinality(String)',
  type: 'LowCardinality(String)',
  /** Receive time by the gateway's wall clock; of an imported frame the time its recording claims. */
  time: "DateTime64(6, 'UTC')",
  /** Microseconds since the connection opened. */
  monotonic: 'Nullable(Int64)',
  direction: 'LowCardinality(String)',
  origin: 'LowCardinality(String)',
  opcode: 'LowCardinality(String)',
  witness: 'LowCardinality(String)',
  /** The time as an imported frame's recording has it; empty on all else. */
  claimed: 'String',
  /** `direction` on an imported frame whose recording does not say it; else empty. */
  inferred: 'LowCardinality(String)',
  protocol: 'LowCardinality(String)',

  /** What the codec says of a frame; empty or null on all other records. */
  kind: 'LowCardinality(String)',
  message_type: 'Nullable(UInt32)',
  message_id: 'String',
  action: 'LowCardinality(String)',
  error_code: 'LowCardinality(String)',
  fault: 'LowCardinality(String)',
  fault_offset: 'Nullable(UInt32)',

  value: 'String',
  /** `utf-8`, or `base64` where the value's bytes are no valid UTF-8. */
  encoding: 'LowCardinality(String)',
  /** JSON of the `sealed` attribute; empty where nothing was sealed. */
  sealed: 'String',
  /** JSON of what the other columns do not give back; empty where they do. */
  other: 'String',
} as const satisfies Columns;

/**
 * `by_time` serves "newest of the fleet" and time windows, in its own order and without FINAL. The text
 * index serves search: `hasToken(value, 'MeterValues')`.
 */
export const RECORDS: TableDefinition = {
  name: 'records',
  columns: RECORD_COLUMNS,
  orderBy: ['tenant', 'station', 'effective_time', 'connection', 'sequence'],
  engine: { kind: 'MergeTree' },
  monthOf: 'logged_at',
  extras: [
    'PROJECTION by_time (SELECT * ORDER BY tenant, time, connection, sequence)',
    "INDEX value_text value TYPE text(tokenizer = 'splitByNonAlpha')",
  ],
};
