import type { Columns } from '@chargeproof/tables';

/** One row a station. */
export const key = {} as const satisfies Columns;
export const values = {
  /** Of the newest BootNotification, as it was sent; null until one was seen or where it has none. */
  vendor: 'Nullable(String)',
  model: 'Nullable(String)',
  serial_number: 'Nullable(String)',
  charge_box_serial_number: 'Nullable(String)',
  firmware_version: 'Nullable(String)',
  iccid: 'Nullable(String)',
  imsi: 'Nullable(String)',
  meter_type: 'Nullable(String)',
  meter_serial_number: 'Nullable(String)',
  /** `Accepted`, `Pending`, `Rejected`: the answer to it; null while there is none. */
  registration: 'Nullable(String)',
  /** Heartbeat interval that was given with it, in seconds. */
  interval_seconds: 'Nullable(Int64)',
  boots: 'UInt32',
  /** Effective time of the first record of it, and of its newest BootNotification. */
  first_seen: "DateTime64(6, 'UTC')",
  booted: "Nullable(DateTime64(6, 'UTC'))",
  first_record: 'String',
  boot_record: 'Nullable(String)',
  boot_answer_record: 'Nullable(String)',
} as const satisfies Columns;
