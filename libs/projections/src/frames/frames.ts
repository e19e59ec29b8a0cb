import type { Store } from '@chargeproof/tables';
import { type ListOrder, type Page, type PageRequest, readPage } from '../paging/index.ts';
import { type Frontier, KNOWN_THEN, knownThen } from '../read-at/frontier.ts';
import { type FrameFilter, toCondition } from './filter.ts';
import { FRAME_COLUMNS, type FrameRow, FRAMES_TABLE } from './frame-row.ts';

/** Newest first; the offset only tells a record that was appended twice from itself. */
export const FRAMES_ORDER: ListOrder = {
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
    { column: 'log_offset', sql: 'log_offset', type: 'Int64' },
  ],
};

export type FramesRequest = PageRequest & { readonly filter: FrameFilter };

/** Frames known at the frontier, newest first by receive time. */
export function frames(store: Store, { filter, ...request }: FramesRequest): Promise<Page<FrameRow>> {
  const { sql, parameters } = toCondition(filter);
  const list = {
    columns: FRAME_COLUMNS,
    from: FRAMES_TABLE,
    where: `${sql}\n  AND ${KNOWN_THEN}`,
    parameters: { ...parameters, ...knownThen(request.frontier) },
  };
  return readPage<FrameRow>(store, FRAMES_ORDER, list, request);
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
    `SELECT tenant, station, count() AS frames FROM ${FRAMES_TABLE}
WHERE ${sql}
  AND ${KNOWN_THEN}
GROUP BY tenant, station ORDER BY tenant, station`,
    { ...parameters, ...knownThen(frontier) },
  );
}
