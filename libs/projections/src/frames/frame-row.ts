import { RECORDS, versionSql } from '@chargeproof/projection';

/** One frame as a row of `records` gives it. 64-bit integers come as strings. */
export type FrameRow = {
  readonly id: string;
  readonly tenant: string;
  readonly station: string;
  /** The gateway's run that recorded it, or the import. */
  readonly source: string;
  readonly time_us: string;
  readonly logged_at_us: string;
  readonly direction: string;
  readonly connection: string;
  readonly sequence: number;
  readonly protocol: string;
  readonly witness: string;
  readonly kind: string;
  readonly message_id: string;
  readonly action: string;
  readonly fault: string;
  readonly value: string;
  readonly encoding: 'utf-8' | 'base64';
  readonly log_partition: number;
  readonly log_offset: string;
  /** The place in the log, over all its generations: in each of them offsets begin anew. */
  readonly log_place: string;
  /** The time as an imported frame's recording has it; empty on all else. */
  readonly claimed: string;
  /** `direction` on an imported frame whose recording does not say it; else empty. */
  readonly inferred: string;
};

export const FRAMES_TABLE = RECORDS.name;

/** The one condition that makes a record of whatever type a frame. */
export const IS_FRAME = "type = 'ocpp.frame.v1'";

/** `log_place` of a row. */
export const LOG_PLACE = versionSql();

export const FRAME_COLUMNS = `id, tenant, station, source, toUnixTimestamp64Micro(time) AS time_us,
  toUnixTimestamp64Micro(logged_at) AS logged_at_us, direction, connection, sequence, protocol, witness, kind,
  message_id, action, fault, value, encoding, log_partition, log_offset, ${LOG_PLACE} AS log_place,
  claimed, inferred`;

/** The frame's bytes as they are in the record: stand-ins where something was sealed. */
export function bytesOf({ value, encoding }: Pick<FrameRow, 'value' | 'encoding'>): Uint8Array {
  return Buffer.from(value, encoding === 'base64' ? 'base64' : 'utf8');
}
