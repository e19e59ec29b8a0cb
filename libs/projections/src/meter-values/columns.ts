import type { Columns } from '@chargeproof/tables';

/** One row a SampledValue: the frame, and its place there (in the order of the frame, from 0). */
export const key = { record: 'String', ordinal: 'UInt32' } as const satisfies Columns;
export const values = {
  connector: 'Nullable(Int64)',
  /** Key of the transaction it belongs to in `transactions`; null where it belongs to none. */
  transaction: 'Nullable(String)',
  /** As sent. */
  transaction_id: 'Nullable(String)',
  /** `MeterValues`, or `StopTransaction` for its transactionData. */
  source: 'LowCardinality(String)',
  /** When it was sampled: the station's time where it is plausible, else when it was received. */
  sampled: "DateTime64(6, 'UTC')",
  received: "DateTime64(6, 'UTC')",
  station_time: 'Nullable(String)',
  /** As `status.clock`. */
  clock: 'LowCardinality(String)',
  /** As sent: a number or a string, up to 255 characters of it; what is longer is cut, and the frame has it whole. */
  value: 'String',
  /** As sent; null: left out, which OCPP gives a meaning of its own (OCPP 1.6, 7.42). */
  measurand: 'Nullable(String)',
  context: 'Nullable(String)',
  format: 'Nullable(String)',
  phase: 'Nullable(String)',
  location: 'Nullable(String)',
  unit: 'Nullable(String)',
} as const satisfies Columns;
