import type { Micros, RecordId } from '@chargeproof/record';
import { versionSql } from '@chargeproof/projection';
import type { Store } from '@chargeproof/tables';
import { byPartition, partitionsOf } from '../coverage/by-partition.ts';
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
  const rows = await store.select<Row>(
    `SELECT spans.partition AS partition, before_us, at_us, said, found, before_id, id
FROM (${SPANS}) AS spans LEFT JOIN (${FOUND}) AS counted ON counted.mark = spans.id
WHERE said > found ORDER BY before_us, id`,
    { partitions: partitionsOf({ tenant, station }), from, to, ...knownThen(frontier) },
  );
  const rowsOf = byPartition(tenant, rows);
  return (one) => rowsOf(one).map(toGap);
}

const IN_PARTITIONS = `log_partition IN {partitions:Array(UInt16)} AND ${KNOWN_THEN}`;
const PLACE = versionSql();
const BEFORE = 'OVER (PARTITION BY partition, run ORDER BY place ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING)';

/** A run's start counts as the tick before its first. */
const MARKS = `SELECT log_partition AS partition, source AS run, ${PLACE} AS place, id,
  toUnixTimestamp64Micro(effective_time) AS at_us,
  if(type = 'recorder.tick.v1', JSONExtractInt(value, 'ordinal') + 1, 0) AS nth, JSONExtractInt(value, 'appended') AS said
FROM records WHERE tenant = '' AND ${IN_PARTITIONS} AND (type = 'recorder.tick.v1'
  OR type = 'recorder.run-started.v1' AND JSONExtractString(value, 'run') = source)`;

/** From each tick's predecessor to it, where that is here: a tick that is not is told by who watched. */
const SPANS = `SELECT * FROM (SELECT partition, run, place, id, at_us, nth, said, any(place) ${BEFORE} AS before_place,
    any(nth) ${BEFORE} AS before_nth, any(at_us) ${BEFORE} AS before_us, any(id) ${BEFORE} AS before_id FROM (${MARKS}))
WHERE before_id != '' AND nth = before_nth + 1 AND at_us >= {from:Int64} AND before_us < {to:Int64}`;

/** A run's start stands in its own count; a tick in none. */
const FOUND = `SELECT spans.id AS mark, toInt64(count()) AS found
FROM (SELECT log_partition AS partition, source AS run, ${PLACE} AS place FROM records
  WHERE ${IN_PARTITIONS} AND type != 'recorder.tick.v1') AS one
ASOF INNER JOIN (${SPANS}) AS spans ON spans.partition = one.partition AND spans.run = one.run AND one.place < spans.place
WHERE one.place >= spans.before_place GROUP BY mark`;

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
