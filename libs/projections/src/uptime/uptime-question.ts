import type { Store } from '@chargeproof/tables';
import { type Proven, uptimeOf } from '@chargeproof/uptime';
import type { PeriodQuestion } from '../energy/contract.ts';
import { bootsOf } from '../energy/sample-rows.ts';
import { SILENT_AFTER } from '../connections/connections.ts';
import type { ReadAt } from '../read-at/facts-at.ts';
import { type Activity, activityOf } from './activity.ts';
import type { UptimeEntry } from './contract.ts';
import { silencesOf } from './silences.ts';
import {
  connectorsOf,
  linksOf,
  type SeenStation,
  stationsSeen,
  statusesOf,
  watchedOf,
} from './uptime-rows.ts';

export type UptimeQuestion = PeriodQuestion & { readonly connector?: number | undefined };

/**
 * How long each connector of the stations was up in the period, by station and connector. Connectors are
 * those that any status told of; a station of which none is known is answered for as connector 0.
 */
export async function uptimeOfPeriod(
  store: Store,
  question: UptimeQuestion,
): Promise<readonly UptimeEntry[]> {
  const { tenant, station, frontier, connector } = question;
  const at = { tenant, station, frontier };
  const told = await connectorsOf(store, at);
  const entries: UptimeEntry[] = [];
  for (const seen of await stationsSeen(store, at)) {
    const own = (told.get(seen.station) ?? []).filter((one) => one > 0);
    const wanted = connector !== undefined ? [connector] : own.length === 0 ? [0] : own;
    entries.push(...(await ofStation(store, question, seen, wanted)));
  }
  return entries;
}

async function ofStation(
  store: Store,
  { tenant, from, to, frontier }: UptimeQuestion,
  { station, firstSeen }: SeenStation,
  connectors: readonly number[],
): Promise<readonly UptimeEntry[]> {
  const at: ReadAt = { tenant, station: [station], frontier };
  const statuses = await statusesOf(store, at, [from, to]);
  // A boot speaks of the link it came over, and of what was said before: both may lie before the period.
  const since = statuses.reduce((least, status) => Math.min(least, status.from), from);
  const links = await linksOf(store, at, [since, to]);
  const boots = await bootsOf(store, at, [since, to]);
  const watched = await watchedOf(store, at, station, [from, to]);
  const activity = await activityOf(store, at, station, [from, to]);
  const recordings = activity.filter(({ imported }) => imported).map(provenBy);
  const watchedUntil = watched.reduce((most, one) => Math.max(most, one.to ?? to), from);
  const around = [from - SILENT_AFTER, Math.min(to + SILENT_AFTER, watchedUntil)] as const;
  const known = {
    window: { from, to },
    statuses,
    links: [...links, ...recordings],
    watched: [...watched, ...recordings],
    silences: silencesOf(links, activity, around),
    boots,
    firstSeen,
  };
  return connectors.map((connector) => ({
    tenant,
    station,
    connector,
    ...uptimeOf({ ...known, connector }),
  }));
}

/** A recording is somebody else's watching: its frames show a link that was up. */
const provenBy = ({ from, to, first, last }: Activity): Proven => ({ from, to, records: [first, last] });
