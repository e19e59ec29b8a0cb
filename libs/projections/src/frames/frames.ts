import type { Micros } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import type { FrameCursor } from './cursor.ts';
import { type FrameFilter, toCondition } from './filter.ts';
import { type Frontier, KNOWN_THEN, knownThen } from '../read-at/frontier.ts';

/** One frame as a row of `records` gives it. 64-bit integers come as strings. */
export type FrameRow = {
  readonly id: string;
  readonly tenant: string;
  readonly station: string;
  readonly time_us: string;
  readonly logged_at_us: string;
  readonly direction: string;
  readonly connection: string;
  readonly sequence: number;
  readonly protocol: string;
  readonly kind: string;
  readonly message_id: string;
  readonly action: string;
  readonly fault: string;
  readonly value: string;
  readonly encoding: 'utf-8' | 'base64';
  readonly log_partition: number;
  readonly log_offset: string;
};

const COLUMNS = `id, tenant, station, toUnixTimestamp64Micro(time) AS time_us, toUnixTimestamp64Micro(logged_at) AS logged_at_us,
  direction, connection, sequence, protocol, kind, message_id, action, fault, value, encoding, log_partition, log_offset`;

/** Newest first; the offset only tells a record that was appended twice from itself. */
const ORDER = 'time DESC, connection DESC, sequence DESC, log_offset DESC';
const BEHIND = `time <= fromUnixTimestamp64Micro({time:Int64})
  AND (toUnixTimestamp64Micro(time), connection, sequence, log_offset)
    < ({time:Int64}, {behindConnection:String}, {sequence:UInt32}, {offset:UInt64})`;

export type FramesRequest = {
  readonly filter: FrameFilter;
  readonly frontier: Frontier;
  readonly first: number;
  readonly after?: FrameCursor | undefined;
};

/** Frames known at the frontier, newest first, at most `first` of them and one more where there are more. */
export async function frames(
  store: Store,
  { filter, frontier, first, after }: FramesRequest,
): Promise<readonly FrameRow[]> {
  const { sql, parameters } = toCondition(filter);
  const behind = after && {
    time: after.time,
    behindConnection: after.connection,
    sequence: after.sequence,
    offset: after.offset,
  };
  return store.select<FrameRow>(
    `SELECT ${COLUMNS} FROM records
WHERE ${sql}
  AND ${KNOWN_THEN}${behind ? `\n  AND ${BEHIND}` : ''}
ORDER BY ${ORDER} LIMIT {limit:UInt32}`,
    { ...parameters, ...behind, ...knownThen(frontier), limit: first + 1 },
  );
}

export type StationFrames = { readonly tenant: string; readonly station: string; readonly frames: string };

/** How many frames of each station are known at the frontier, by station name. */
export async function framesByStation(
  store: Store,
  filter: FrameFilter,
  frontier: Frontier,
): Promise<readonly StationFrames[]> {
  const { sql, parameters } = toCondition(filter);
  return store.select<StationFrames>(
    `SELECT tenant, station, count() AS frames FROM records
WHERE ${sql}
  AND ${KNOWN_THEN}
GROUP BY tenant, station ORDER BY tenant, station`,
    { ...parameters, ...knownThen(frontier) },
  );
}

/** The frame's bytes as they are in the record: stand-ins where something was sealed. */
export function bytesOf({ value, encoding }: Pick<FrameRow, 'value' | 'encoding'>): Uint8Array {
  return Buffer.from(value, encoding === 'base64' ? 'base64' : 'utf8');
}

export function cursorOf(row: FrameRow, frontier: Frontier): FrameCursor {
  const time: Micros = Number(row.time_us);
  return {
    time,
    connection: row.connection,
    sequence: row.sequence,
    offset: Number(row.log_offset),
    frontier,
  };
}
