import type { Micros } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { intersect, lasting, type Span, subtract } from '@chargeproof/uptime';
import { byPartition, partitionsOf } from '../coverage/by-partition.ts';
import type { PeriodQuestion } from '../energy/contract.ts';
import { KNOWN_THEN, knownThen } from '../read-at/frontier.ts';
import { byStation, groupsOf } from '../read-at/station-groups.ts';
import { type Activity, activityOf } from '../uptime/activity.ts';
import { seenOf } from '../uptime/held-links.ts';
import { linksOf, type StationsAt, stationsSeen, watchedOf } from '../uptime/uptime-rows.ts';
import { clocksOf } from './clock-rows.ts';
import { completenessOf } from './completeness.ts';
import type { CompletenessEntry, RecordGap } from './contract.ts';
import { silencesOfRuns, stretchesOf } from './silent-runs.ts';
import { toldGaps } from './told-gaps.ts';

/** How whole the record of each station is in the period, by station. */
export async function completenessOfPeriod(
  store: Store,
  { tenant, station, from, to, frontier }: PeriodQuestion,
): Promise<readonly CompletenessEntry[]> {
  const at = { tenant, station, frontier };
  const entries: CompletenessEntry[] = [];
  for (const group of groupsOf(await stationsSeen(store, at), [from, to])) {
    const entryOf = await readGroup(store, { ...at, station: group.map((seen) => seen.station) }, [from, to]);
    entries.push(...group.map((seen) => entryOf(seen.station)));
  }
  return entries;
}

type Time = readonly [from: Micros, to: Micros];

async function readGroup(store: Store, at: StationsAt, time: Time) {
  const [activity, watchedFor, toldFor, recordedFor, silentFor, clockFor] = await Promise.all([
    activityOf(store, at, time),
    watchedOf(store, at, time),
    toldGaps(store, at, time),
    recordsIn(store, at, time),
    silentRuns(store, at, time),
    clocksOf(store, at, time),
  ]);
  const recordings = byStation(activity.filter(({ imported }) => imported));
  const [from, to] = time;
  return (station: string): CompletenessEntry => {
    const recorded = recordings(station).map(provenBy);
    const watched = [...watchedFor(station), ...recorded];
    const told = [...toldFor(station), ...silentFor(station, recorded)];
    const clock = clockFor(station);
    const answer = completenessOf({ window: { from, to }, watched, told, clock });
    return {
      tenant: at.tenant,
      station,
      from,
      to,
      ...answer,
      recorded: recordedFor(station),
      records: [...new Set([...watched, ...answer.gaps].flatMap(({ records }) => records))],
    };
  };
}

/**
 * Runs that were not heard of while others watched, of each station where nothing tells that it was elsewhere then.
 * @returns by station and the recordings of it
 */
async function silentRuns(store: Store, at: StationsAt, [from, to]: Time) {
  const [stretches, watchedFor, links] = await Promise.all([
    stretchesOf(store, at, partitionsOf(at)),
    watchedOf(store, at, [from, to]),
    linksOf(store, at, [from, to]),
  ]);
  const window = { from, to };
  const stretchesFor = byPartition(at.tenant, stretches);
  const linksFor = byStation(links);
  return (station: string, recorded: readonly Span[]): readonly RecordGap[] => {
    const watched = watchedFor(station);
    const elsewhere = [...seenOf(linksFor(station), watched), ...recorded];
    const heard = watched.map(lasting);
    return silencesOfRuns(stretchesFor(station), window).flatMap((silence) =>
      subtract(intersect([silence], heard), elsewhere).map((span) => ({ ...silence, ...span })),
    );
  };
}

const provenBy = ({ from, to, first, last }: Activity) => ({ from, to, records: [first, last] });

async function recordsIn(store: Store, { tenant, station, frontier }: StationsAt, [from, to]: Time) {
  const rows = await store.select<{ station: string; count: string }>(
    `SELECT station, count() AS count FROM records WHERE tenant = {tenant:String} AND station IN {station:Array(String)}
  AND effective_time >= fromUnixTimestamp64Micro({from:Int64}) AND effective_time < fromUnixTimestamp64Micro({to:Int64})
  AND ${KNOWN_THEN} GROUP BY station`,
    { tenant, station, from, to, ...knownThen(frontier) },
  );
  const counts = new Map(rows.map((row) => [row.station, Number(row.count)]));
  return (one: string) => counts.get(one) ?? 0;
}
