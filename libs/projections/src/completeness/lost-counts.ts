import { versionSql } from '@chargeproof/projection';
import type { Micros, RecordId } from '@chargeproof/record';
import type { Parameters, Store } from '@chargeproof/tables';
import { byPartition, partitionsOf } from '../coverage/by-partition.ts';
import { coverage, LEAP } from '../coverage/coverage.ts';
import { factsAt } from '../read-at/facts-at.ts';
import { KNOWN_THEN, knownThen } from '../read-at/frontier.ts';
import type { StationsAt } from '../uptime/uptime-rows.ts';
import type { RecordGap } from './contract.ts';

/**
 * Records that a run's ticks counted and that are not here, between one tick and the next: of the station's
 * partition, so perhaps of another station. It shows what the loss of a whole connection would hide.
 */
export async function lostCounts(
  store: Store,
  { tenant, station, frontier }: StationsAt,
  [from, to]: readonly [Micros, Micros],
): Promise<(station: string) => readonly RecordGap[]> {
  const partitions = partitionsOf({ tenant, station });
  const facts = factsAt(coverage, { tenant, frontier });
  const leapt = await store.select<{ stream: string }>(
    `SELECT DISTINCT concat(run, '.', toString(partition)) AS stream FROM ${facts.sql}
WHERE partition IN {partitions:Array(UInt16)} AND leapt`,
    { ...facts.parameters, partitions },
  );
  const asked = {
    partitions,
    from,
    to,
    around: [Math.max(0, from - LEAP), to + LEAP],
    leapt: leapt.map(({ stream }) => stream),
    ...knownThen(frontier),
  };
  const rowsOf = byPartition(tenant, await shortSpans(store, asked));
  return (one) => rowsOf(one).map(toGap);
}

/**
 * Few records of a span are told of by a time far from it, so those near are counted first. Where they are too few
 * for it, all of the partition are.
 */
async function shortSpans(store: Store, asked: Parameters): Promise<readonly Row[]> {
  const few = await store.select<Row>(shortSql('true', AROUND), asked);
  if (few.length === 0) return few;
  return store.select<Row>(shortSql('id IN {few:Array(String)}', 'true'), {
    ...asked,
    few: few.map(({ id }) => id),
  });
}

const IN_PARTITIONS = `log_partition IN {partitions:Array(UInt16)} AND ${KNOWN_THEN}`;
const AROUND = `time >= fromUnixTimestamp64Micro(arrayElement({around:Array(Int64)}, 1))
  AND time < fromUnixTimestamp64Micro(arrayElement({around:Array(Int64)}, 2))`;
const PLACE = versionSql();
const BEFORE = 'OVER (PARTITION BY partition, run ORDER BY place ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING)';

/** A run's start counts as the tick before its first. */
const marksSql = (which: string) => `SELECT log_partition AS partition, source AS run, ${PLACE} AS place, id,
  toUnixTimestamp64Micro(effective_time) AS at_us,
  if(type = 'recorder.tick.v1', JSONExtractInt(value, 'ordinal') + 1, 0) AS nth, JSONExtractInt(value, 'appended') AS said
FROM records WHERE tenant = '' AND ${which} AND ${IN_PARTITIONS} AND (type = 'recorder.tick.v1'
  OR type = 'recorder.run-started.v1' AND JSONExtractString(value, 'run') = source)`;

/** Of a run whose clock leapt the times tell nothing: it is read from its beginning. */
const MARKS = `${marksSql(`${AROUND} AND station NOT IN {leapt:Array(String)}`)}
UNION ALL ${marksSql('station IN {leapt:Array(String)}')}`;

/** From each tick's predecessor to it, where that is here: a tick that is not is told by who watched. */
const spansSql = (which: string) => `SELECT * FROM (
  SELECT partition, run, place, id, at_us, nth, said, any(place) ${BEFORE} AS before_place,
    any(nth) ${BEFORE} AS before_nth, any(at_us) ${BEFORE} AS before_us, any(id) ${BEFORE} AS before_id FROM (${MARKS}))
WHERE before_id != '' AND nth = before_nth + 1 AND at_us >= {from:Int64} AND before_us < {to:Int64} AND ${which}`;

/** A run's start stands in its own count; a tick in none. */
const foundSql = (spans: string, records: string) => `SELECT spans.id AS mark, toInt64(count()) AS found
FROM (SELECT log_partition AS partition, source AS run, ${PLACE} AS place FROM records
  WHERE ${records} AND ${IN_PARTITIONS} AND type != 'recorder.tick.v1') AS one
ASOF INNER JOIN (${spans}) AS spans ON spans.partition = one.partition AND spans.run = one.run AND one.place < spans.place
WHERE one.place >= spans.before_place GROUP BY mark`;

/** @param spans which of them @param records which are counted for them */
function shortSql(spans: string, records: string): string {
  const asked = spansSql(spans);
  return `SELECT spans.partition AS partition, before_us, at_us, said, found, before_id, id
FROM (${asked}) AS spans LEFT JOIN (${foundSql(asked, records)}) AS counted ON counted.mark = spans.id
WHERE said > found ORDER BY before_us, id`;
}

type Row = {
  readonly partition: number;
  readonly before_us: string;
  readonly at_us: string;
  readonly said: string;
  readonly found: string;
  readonly before_id: RecordId;
  readonly id: RecordId;
};

const toGap = (row: Row): RecordGap => ({
  kind: 'count',
  from: Number(row.before_us),
  to: Number(row.at_us),
  missing: Number(row.said) - Number(row.found),
  reason: "fewer records of the station's partition are here than the gateway counted",
  records: [row.before_id, row.id],
});
