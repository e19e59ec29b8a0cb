import type { Micros } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import type { Frontier } from './frontier.ts';

type Row = { readonly log_generation: number; readonly log_partition: number; readonly next: string };
type Then = Row & { readonly since_us: string; readonly goes_on: number };

const OF_FACTS = `topic = 'ocpp.frames' AND kind = 'facts'`;
const BY_PARTITION = 'GROUP BY log_generation, log_partition ORDER BY log_generation, log_partition';

/** How far all of `records` is written now, by whatever set of projections. */
export async function frontierNow(store: Store): Promise<Frontier> {
  const rows = await store.select<Row>(
    `SELECT log_generation, log_partition, max(log_offset) AS next FROM checkpoints WHERE ${OF_FACTS} ${BY_PARTITION}`,
  );
  return ofNewestGeneration(rows);
}

/**
 * The newest position logged by then in each partition, as far as it is written: knowledge time (DESIGN 6).
 * Where a batch spans the moment, its records tell how much of it was logged by then: a rebuild writes
 * larger batches than were written live, and must not make the past know less.
 */
export async function frontierThen(store: Store, moment: Micros): Promise<Frontier> {
  const byThen = 'logged_at <= fromUnixTimestamp64Micro({moment:Int64})';
  const rows = await store.select<Then>(
    `SELECT log_generation, log_partition, maxIf(log_offset, ${byThen}) AS next, countIf(NOT ${byThen}) > 0 AS goes_on,
  toUnixTimestamp64Micro(maxIf(logged_at, ${byThen})) AS since_us
FROM checkpoints WHERE ${OF_FACTS} ${BY_PARTITION}`,
    { moment },
  );
  const spanning = rows.filter(({ goes_on }) => goes_on === 1);
  const within = await loggedBetween(
    store,
    Math.min(...spanning.map(({ since_us }) => Number(since_us))),
    moment,
  );
  const reached = rows.map((row) => (row.goes_on === 1 ? { ...row, next: within(row) ?? row.next } : row));
  return ofNewestGeneration(reached.filter(({ next }) => next !== '0'));
}

/** The first offset of a partition that was logged after a span of time; undefined where none was logged in it. */
async function loggedBetween(
  store: Store,
  since: Micros,
  moment: Micros,
): Promise<(of: Row) => string | undefined> {
  if (since > moment) return () => undefined;
  const rows = await store.select<Row>(
    `SELECT log_generation, log_partition, max(log_offset) + 1 AS next FROM records
WHERE logged_at >= fromUnixTimestamp64Micro({since:Int64}) AND logged_at <= fromUnixTimestamp64Micro({moment:Int64})
${BY_PARTITION}`,
    { since, moment },
  );
  const next = new Map(rows.map((row) => [nameOf(row), row.next]));
  return (row) => next.get(nameOf(row));
}

const nameOf = ({ log_generation, log_partition }: Row) => `${log_generation}.${log_partition}`;

/** 0 for a partition that has none. */
function ofNewestGeneration(rows: readonly Row[]): Frontier {
  const generation = rows.at(-1)?.log_generation ?? 0;
  const ofNewest = rows.filter((row) => row.log_generation === generation);
  const next = Array.from({ length: (ofNewest.at(-1)?.log_partition ?? 0) + 1 }, () => 0);
  for (const { log_partition, next: offset } of ofNewest) next[log_partition] = Number(offset);
  return { generation, next };
}
