import type { Columns } from '@chargeproof/tables';

/** The record id of the first frame that proves it: ids that peers give are attributes, never identities. */
export const key = { transaction: 'String' } as const satisfies Columns;
export const values = {
  /**
   * `transaction`: started and taken. `attempt`: a start that was refused (Invalid, Blocked, ConcurrentTx …).
   * `orphan`: a stop or meter values whose start nobody saw.
   */
  kind: 'LowCardinality(String)',
  connector: 'Nullable(Int64)',
  /** As the central system gave it, or the station used it: the number's own text. */
  transaction_id: 'Nullable(String)',
  /** A stand-in. */
  id_tag: 'Nullable(String)',
  /** `Accepted`, `Blocked`, … of StartTransaction.conf; null while it is not answered. */
  id_tag_status: 'Nullable(String)',
  reservation_id: 'Nullable(String)',
  /** How often its StartTransaction was sent. */
  starts: 'UInt32',
  /** When it began and ended, as well as can be told: see `started_by`, `stopped_by`. Null: not known, or it goes on. */
  started: "Nullable(DateTime64(6, 'UTC'))",
  stopped: "Nullable(DateTime64(6, 'UTC'))",
  /** `station`: its own timestamp, plausible (it was offline, or they agree). `received`: our time, its own being unusable. */
  started_by: 'LowCardinality(String)',
  stopped_by: 'LowCardinality(String)',
  /** Effective (receive) time of the first start and of the stop. */
  start_received: "Nullable(DateTime64(6, 'UTC'))",
  stop_received: "Nullable(DateTime64(6, 'UTC'))",
  /** The station's own times, as sent. */
  start_station_time: 'Nullable(String)',
  stop_station_time: 'Nullable(String)',
  /** Registers in Wh, as sent. */
  meter_start: 'Nullable(String)',
  meter_stop: 'Nullable(String)',
  /** As sent; absent means `Local` (OCPP 1.6, 6.45), and stays null here. */
  stop_reason: 'Nullable(String)',
  stop_id_tag: 'Nullable(String)',
  /**
   * How its end is known: `StopTransaction`; inferred from `next-start` on the connector, from `boot`, or
   * from `status` (the connector became Available); empty while it goes on.
   */
  stop_method: 'LowCardinality(String)',
  start_record: 'Nullable(String)',
  /** The newest StartTransaction of it: another record than `start_record` where it was sent again. */
  last_start_record: 'Nullable(String)',
  start_answer_record: 'Nullable(String)',
  first_meter_record: 'Nullable(String)',
  stop_record: 'Nullable(String)',
  stop_answer_record: 'Nullable(String)',
  /** Of an inferred end: the frame it was read off. */
  inferred_from_record: 'Nullable(String)',
  /** Effective time of the first frame that tells of it. */
  first_heard: "DateTime64(6, 'UTC')",
  /** The last frame that tells of it, and its effective time: meter values, a status of its connector, a stop. */
  last_record: 'String',
  last_heard: "DateTime64(6, 'UTC')",
} as const satisfies Columns;
