import type { RecordId, RunId } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { byPartition, partitionsOf } from '../coverage/by-partition.ts';
import { KNOWN_THEN, knownThen } from '../read-at/frontier.ts';
import type { StationsAt } from '../uptime/uptime-rows.ts';
import { type ClockReading, NO_TICKS, type ToldClock } from './clock.ts';

/** What the ticks of each station's partition tell of their gateways' clocks, in a time. */
export async function clocksOf(
  store: Store,
  { tenant, station, frontier }: StationsAt,
  [from, to]: readonly [number, number],
): Promise<(station: string) => ToldClock> {
  const rows = await store.select<Row>(
    `SELECT partition, count() AS ticks, countIf(offset IS NOT NULL) AS known,
  argMaxIf((offset, uncertainty, at_us, run, id), (abs(offset), -at_us, id), offset IS NOT NULL) AS largest
FROM (SELECT log_partition AS partition, source AS run, id, toUnixTimestamp64Micro(time) AS at_us,
    JSONExtract(value, 'Tuple(clockOffset Nullable(Int64), clockUncertainty Nullable(Int64))') AS told,
    told.clockOffset AS offset, told.clockUncertainty AS uncertainty
  FROM records WHERE tenant = '' AND type = 'recorder.tick.v1' AND log_partition IN {partitions:Array(UInt16)}
    AND time >= fromUnixTimestamp64Micro({from:Int64}) AND time < fromUnixTimestamp64Micro({to:Int64}) AND ${KNOWN_THEN})
GROUP BY partition`,
    { partitions: partitionsOf({ tenant, station }), from, to, ...knownThen(frontier) },
  );
  const rowsOf = byPartition(tenant, rows);
  return (one) => rowsOf(one).map(toldBy)[0] ?? NO_TICKS;
}

type Row = {
  readonly partition: number;
  readonly ticks: string;
  readonly known: string;
  readonly largest: readonly [string | null, string | null, string, RunId, RecordId];
};

const toldBy = ({ ticks, known, largest }: Row): ToldClock => ({
  ticks: Number(ticks),
  known: Number(known),
  largest: readingOf(largest),
});

function readingOf([offset, uncertainty, at, run, record]: Row['largest']): ClockReading | null {
  if (offset === null || record === '') return null;
  return {
    offset: Number(offset),
    uncertainty: uncertainty === null ? null : Number(uncertainty),
    at: Number(at),
    run,
    record,
  };
}
