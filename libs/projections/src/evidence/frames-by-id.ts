import { openedAt, type RecordId } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { FRAME_COLUMNS, type FrameRow, FRAMES_TABLE, IS_FRAME } from '../frames/frame-row.ts';
import { type Frontier, KNOWN_THEN, knownThen } from '../read-at/frontier.ts';

/** A statement has at most 256 KiB, and an id some forty bytes. */
const IDS_A_QUERY = 1000;

export type FramesById = {
  readonly tenant: string;
  readonly stations: readonly string[];
  readonly ids: readonly RecordId[];
  readonly frontier: Frontier;
};

/**
 * Frames by their records' ids; what is no frame, or was not known at the frontier, is left out. Of a
 * record that was appended twice, its first. The table is ordered by station and effective time, and no
 * record stands before its connection opened: the rest of it is not read.
 */
export async function framesById(
  store: Store,
  { tenant, stations, ids, frontier }: FramesById,
): Promise<ReadonlyMap<RecordId, FrameRow>> {
  const found = new Map<RecordId, FrameRow>();
  for (let from = 0; from < ids.length; from += IDS_A_QUERY) {
    const some = ids.slice(from, from + IDS_A_QUERY);
    const rows = await store.select<FrameRow>(
      `SELECT ${FRAME_COLUMNS} FROM ${FRAMES_TABLE}
WHERE tenant = {tenant:String} AND station IN {stations:Array(String)}
  AND effective_time >= fromUnixTimestamp64Micro({since:Int64})
  AND id IN {ids:Array(String)} AND ${IS_FRAME} AND ${KNOWN_THEN}
ORDER BY log_generation, log_offset LIMIT 1 BY id`,
      { tenant, stations, ids: some, since: earliest(some), ...knownThen(frontier) },
    );
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

/** When the first of their connections opened; 0 where an id does not tell, as those of imports. */
function earliest(ids: readonly RecordId[]): number {
  const opened = ids.map((id) => openedAt(id));
  return opened.some(Number.isNaN) ? 0 : Math.max(0, Math.min(...opened));
}
