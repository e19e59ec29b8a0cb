import type { Micros } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { type ListOrder, type Page, readPage, type SortKey } from '../paging/index.ts';
import { type Frontier, KNOWN_THEN, knownThen } from '../read-at/frontier.ts';
import { FRAME_COLUMNS, type FrameRow, FRAMES_TABLE, IS_FRAME, LOG_PLACE } from './frame-row.ts';

/** As they were logged. */
export const TAIL_ORDER: ListOrder = {
  name: 'tail',
  newestFirst: false,
  by: [
    { column: 'logged_at_us', sql: 'toUnixTimestamp64Micro(logged_at)', type: 'Int64' },
    { column: 'log_partition', sql: 'log_partition', type: 'Int64' },
    { column: 'log_place', sql: LOG_PLACE, type: 'Int64' },
  ],
};

export type TailRequest = {
  readonly tenants: readonly string[];
  /** What was known then is not given; what is known now is. */
  readonly before: Frontier;
  readonly now: Frontier;
  /** Of {@link loggedSince}: older parts of the table are not looked at. */
  readonly since: Micros;
  readonly first: number;
  readonly behind?: SortKey | undefined;
};

const KNOWN_BEFORE = `(log_generation < {beforeGeneration:UInt16} OR log_generation = {beforeGeneration:UInt16}
    AND log_offset < arrayElement({beforeNext:Array(UInt64)}, log_partition + 1))`;

/** A page of the frames that became known between two frontiers, oldest first. */
export function framesBetween(store: Store, request: TailRequest): Promise<Page<FrameRow>> {
  const { tenants, before, now, since, first, behind } = request;
  const list = {
    columns: FRAME_COLUMNS,
    from: FRAMES_TABLE,
    where: `${IS_FRAME} AND tenant IN {tenants:Array(String)}
  AND logged_at >= fromUnixTimestamp64Micro({since:Int64})
  AND NOT ${KNOWN_BEFORE}
  AND ${KNOWN_THEN}`,
    parameters: {
      tenants,
      since,
      beforeGeneration: before.generation,
      beforeNext: before.next,
      ...knownThen(now),
    },
  };
  const after = behind && { behind, frontier: now };
  return readPage<FrameRow>(store, TAIL_ORDER, list, { frontier: now, first, after });
}

/**
 * A time at or before which nothing was logged that became known between the two frontiers: the log's own
 * times never fall within a partition. Parts of the table know their first and last such time.
 */
export async function loggedSince(store: Store, before: Frontier, now: Frontier): Promise<Micros> {
  if (before.generation !== now.generation) return 0;
  const rows = await store.select<{ log_partition: number; logged_us: string }>(
    `SELECT log_partition, toUnixTimestamp64Micro(max(logged_at)) AS logged_us FROM checkpoints
WHERE topic = 'ocpp.frames' AND kind = 'facts' AND log_generation = {generation:UInt16}
  AND log_offset <= arrayElement({next:Array(UInt64)}, log_partition + 1)
GROUP BY log_partition`,
    { generation: before.generation, next: before.next },
  );
  const logged = new Map(rows.map((row) => [row.log_partition, Number(row.logged_us)]));
  const moved = now.next.flatMap((next, partition) =>
    next > (before.next[partition] ?? 0) ? [logged.get(partition) ?? 0] : [],
  );
  return Math.min(...moved, Number.MAX_SAFE_INTEGER);
}
