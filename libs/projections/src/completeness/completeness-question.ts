import type { Micros } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import type { PeriodQuestion } from '../energy/contract.ts';
import type { ReadAt } from '../read-at/facts-at.ts';
import { KNOWN_THEN, knownThen } from '../read-at/frontier.ts';
import { activityOf } from '../uptime/activity.ts';
import { stationsSeen, watchedOf } from '../uptime/uptime-rows.ts';
import { completenessOf } from './completeness.ts';
import type { CompletenessEntry } from './contract.ts';
import { toldGaps } from './told-gaps.ts';

/** How whole the record of each station is in the period, by station. */
export async function completenessOfPeriod(
  store: Store,
  { tenant, station, from, to, frontier }: PeriodQuestion,
): Promise<readonly CompletenessEntry[]> {
  const at = { tenant, station, frontier };
  const entries: CompletenessEntry[] = [];
  for (const seen of await stationsSeen(store, at)) {
    const own = { ...at, station: [seen.station] };
    const recordings = (await activityOf(store, own, [from, to]))
      .filter(({ imported }) => imported)
      .map(({ first, last, ...span }) => ({ from: span.from, to: span.to, records: [first, last] }));
    const watched = [...(await watchedOf(store, own, [from, to]))(seen.station), ...recordings];
    const told = await toldGaps(store, at, seen.station, [from, to]);
    const answer = completenessOf({ window: { from, to }, watched, told });
    entries.push({
      tenant,
      station: seen.station,
      ...answer,
      recorded: await recordsIn(store, at, seen.station, [from, to]),
      records: [...new Set([...watched, ...answer.gaps].flatMap(({ records }) => records))],
    });
  }
  return entries;
}

type Time = readonly [from: Micros, to: Micros];

async function recordsIn(store: Store, { tenant, frontier }: ReadAt, station: string, [from, to]: Time) {
  const [row] = await store.select<{ count: string }>(
    `SELECT count() AS count FROM records WHERE tenant = {tenant:String} AND station = {station:String}
  AND effective_time >= fromUnixTimestamp64Micro({from:Int64}) AND effective_time < fromUnixTimestamp64Micro({to:Int64})
  AND ${KNOWN_THEN}`,
    { tenant, station, from, to, ...knownThen(frontier) },
  );
  return Number(row?.count ?? 0);
}
