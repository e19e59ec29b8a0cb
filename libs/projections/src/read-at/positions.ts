import { DECISIONS_CONSUMER, type Projection, projectionId } from '@chargeproof/projection';
import type { Micros } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { PROJECTIONS } from '../all.ts';
import type { Frontier } from './frontier.ts';

type Row = {
  readonly topic: string;
  readonly log_generation: number;
  readonly log_partition: number;
  readonly next: string;
};
/** Of one projection and partition. */
type Then = Row & { readonly since_us: string; readonly goes_on: number };

const BY_PARTITION = 'GROUP BY log_generation, log_partition ORDER BY log_generation, log_partition';
/** By partition and projection: checkpoints name the set that was folded, as `connections@1 exchanges@1 …`. */
const OF_FACTS = `FROM checkpoints ARRAY JOIN splitByChar(' ', toString(consumer)) AS projection
WHERE topic IN ('ocpp.frames', 'platform.decisions') AND kind = 'facts' AND projection IN {projections:Array(String)}
GROUP BY topic, projection, log_generation, log_partition ORDER BY log_generation, log_partition`;

/**
 * How far everything that answers is written now: where the projection that is furthest behind stands.
 * Others may be further, as they are while one that was added is folded from the log's beginning.
 */
export async function frontierNow(store: Store, answering = PROJECTIONS): Promise<Frontier> {
  const rows = await store.select<Row>(
    `SELECT topic, log_generation, log_partition, max(log_offset) AS next ${OF_FACTS}`,
    { projections: [...answering.map(projectionId), DECISIONS_CONSUMER] },
  );
  const [frames, copied] = byTopic(rows);
  const frontier = ofNewestGeneration(reachedByAll(frames, answering));
  return withDecisions(frontier, copied);
}

/**
 * The newest position logged by then in each partition, as far as it is written: knowledge time (DESIGN 6).
 * Where a batch spans the moment, its records tell how much of it was logged by then: a rebuild writes
 * larger batches than were written live, and must not make the past know less.
 */
export async function frontierThen(store: Store, moment: Micros, answering = PROJECTIONS): Promise<Frontier> {
  const byThen = 'logged_at <= fromUnixTimestamp64Micro({moment:Int64})';
  const rows = await store.select<Then>(
    `SELECT topic, log_generation, log_partition, maxIf(log_offset, ${byThen}) AS next, countIf(NOT ${byThen}) > 0 AS goes_on,
  toUnixTimestamp64Micro(maxIf(logged_at, ${byThen})) AS since_us
${OF_FACTS}`,
    { moment, projections: [...answering.map(projectionId), DECISIONS_CONSUMER] },
  );
  const [frames, copied] = byTopic(rows);
  const spanning = frames.filter(({ goes_on }) => goes_on === 1);
  const within = await loggedBetween(
    store,
    Math.min(...spanning.map(({ since_us }) => Number(since_us))),
    moment,
  );
  const reached = frames.map((row) => (row.goes_on === 1 ? { ...row, next: within(row) ?? row.next } : row));
  const frontier = ofNewestGeneration(reachedByAll(reached, answering).filter(({ next }) => next !== '0'));
  return withDecisions(frontier, copied.length === 0 ? [] : await decidedBy(store, moment));
}

function byTopic<Of extends Row>(
  rows: readonly Of[],
): readonly [frames: readonly Of[], decisions: readonly Of[]] {
  const isFrames = ({ topic }: Of) => topic === 'ocpp.frames';
  return [rows.filter(isFrames), rows.filter((row) => !isFrames(row))];
}

function withDecisions(
  frontier: Frontier,
  copied: readonly Pick<Row, 'log_generation' | 'next'>[],
): Frontier {
  const own = copied.find(({ log_generation }) => log_generation === frontier.generation);
  return own === undefined ? frontier : { ...frontier, decisions: Number(own.next) };
}

/** Of each generation the first decision that was logged later, told by the decisions themselves. */
const decidedBy = (store: Store, moment: Micros) =>
  store.select<Pick<Row, 'log_generation' | 'next'>>(
    `SELECT log_generation, max(log_offset) + 1 AS next FROM decisions
WHERE logged_at <= fromUnixTimestamp64Micro({moment:Int64}) GROUP BY log_generation`,
    { moment },
  );

/** Of each partition the lowest, where every projection has one. */
function reachedByAll(rows: readonly Row[], { length }: readonly Projection[]): readonly Row[] {
  return [...Map.groupBy(rows, partitionOf).values()].flatMap((ofAll) => {
    const lowest = ofAll.reduce((a, b) => (Number(b.next) < Number(a.next) ? b : a));
    return ofAll.length === length ? [lowest] : [];
  });
}

/** The first offset of a partition that was logged after a span of time; undefined where none was logged in it. */
async function loggedBetween(
  store: Store,
  since: Micros,
  moment: Micros,
): Promise<(of: Omit<Row, 'topic'>) => string | undefined> {
  if (since > moment) return () => undefined;
  const rows = await store.select<Omit<Row, 'topic'>>(
    `SELECT log_generation, log_partition, max(log_offset) + 1 AS next FROM records
WHERE logged_at >= fromUnixTimestamp64Micro({since:Int64}) AND logged_at <= fromUnixTimestamp64Micro({moment:Int64})
${BY_PARTITION}`,
    { since, moment },
  );
  const next = new Map(rows.map((row) => [partitionOf(row), row.next]));
  return (row) => next.get(partitionOf(row));
}

const partitionOf = ({ log_generation, log_partition }: Omit<Row, 'topic'>) =>
  `${log_generation}.${log_partition}`;

/** 0 for a partition that has none. */
function ofNewestGeneration(rows: readonly Row[]): Frontier {
  const generation = rows.at(-1)?.log_generation ?? 0;
  const ofNewest = rows.filter((row) => row.log_generation === generation);
  const next = Array.from({ length: (ofNewest.at(-1)?.log_partition ?? 0) + 1 }, () => 0);
  for (const { log_partition, next: offset } of ofNewest) next[log_partition] = Number(offset);
  return { generation, next };
}
