import type { Store } from '@chargeproof/tables';
import { listOf, type ListSql } from '../paging/index.ts';
import { type Frontier, KNOWN_THEN, knownThen } from '../read-at/frontier.ts';
import { type FrameFilter, toCondition } from './filter.ts';
import { FRAME_COLUMNS, type FrameRow, FRAMES_TABLE, LOG_PLACE } from './frame-row.ts';

/** Newest first by receive time; the place in the log only tells a record that was appended twice from itself. */
export const frameList = listOf<FrameFilter, FrameRow>({
  order: {
    name: 'frames',
    newestFirst: true,
    by: [
      {
        column: 'time_us',
        sql: 'toUnixTimestamp64Micro(time)',
        type: 'Int64',
        reach: (bound) => `time <= fromUnixTimestamp64Micro(${bound})`,
      },
      { column: 'connection', sql: 'connection', type: 'String' },
      { column: 'sequence', sql: 'sequence', type: 'Int64' },
      { column: 'log_place', sql: LOG_PLACE, type: 'Int64' },
    ],
  },
  columns: FRAME_COLUMNS,
  rows: framesOf,
});

export type StationFrames = { readonly tenant: string; readonly station: string; readonly frames: string };

/** How many frames of each station are known at the frontier, by station name. */
export async function framesByStation(
  store: Store,
  filter: FrameFilter,
  frontier: Frontier,
): Promise<readonly StationFrames[]> {
  const { from, where, parameters } = framesOf(filter, frontier);
  return store.select<StationFrames>(
    `SELECT tenant, station, count() AS frames FROM ${from} WHERE ${where}
GROUP BY tenant, station ORDER BY tenant, station`,
    parameters,
  );
}

/** The frames of a filter that are known at the frontier. */
function framesOf(filter: FrameFilter, frontier: Frontier): Omit<ListSql, 'columns'> {
  const { sql, parameters } = toCondition(filter);
  return {
    from: FRAMES_TABLE,
    where: `${sql}\n  AND ${KNOWN_THEN}`,
    parameters: { ...parameters, ...knownThen(frontier) },
  };
}
