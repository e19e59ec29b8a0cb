import type { Micros } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { type Proven, type UptimeInput, uptimeOf } from '@chargeproof/uptime';
import type { PeriodQuestion } from '../energy/contract.ts';
import { bootsOf } from '../energy/sample-rows.ts';
import { bootAnswersOf } from './boot-answers.ts';
import { SILENT_AFTER } from '../connections/connections.ts';
import { type Activity, activityOf } from './activity.ts';
import type { UptimeEntry } from './contract.ts';
import { lostRecords } from '../completeness/told-gaps.ts';
import { unseenOf, without } from './held-links.ts';
import { silencesOf } from './silences.ts';
import { byStation, groupsOf } from '../read-at/station-groups.ts';
import {
  connectorsOf,
  linksOf,
  type SeenStation,
  type StationsAt,
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
  const { tenant, station, from, to, frontier, connector } = question;
  const at = { tenant, station, frontier };
  const [told, seen] = await Promise.all([connectorsOf(store, at), stationsSeen(store, at)]);
  const entries: UptimeEntry[] = [];
  for (const group of groupsOf(seen, [from, to])) {
    const knownOf = await readGroup(store, question, group);
    for (const one of group) {
      const own = (told.get(one.station) ?? []).filter((each) => each > 0);
      const wanted = connector !== undefined ? [connector] : own.length === 0 ? [0] : own;
      entries.push(
        ...wanted.map((each) => entryOf(tenant, one.station, { ...knownOf(one), connector: each })),
      );
    }
  }
  return entries;
}

const entryOf = (tenant: string, station: string, input: UptimeInput): UptimeEntry => ({
  tenant,
  station,
  connector: input.connector,
  ...uptimeOf(input),
});

type Known = Omit<UptimeInput, 'connector'>;

/** @returns what is known of each station of the group */
async function readGroup(
  store: Store,
  { tenant, from, to, frontier }: UptimeQuestion,
  group: readonly SeenStation[],
): Promise<(of: SeenStation) => Known> {
  const at = { tenant, station: group.map(({ station }) => station), frontier };
  const [{ statusesFor, linksFor, bootsFor, sinceFor, lostFor }, watchedFor, activityFor, answersFor] =
    await Promise.all([
      readStatuses(store, at, [from, to]),
      watchedOf(store, at, [from, to]),
      activityOf(store, at, [from, to]).then(byStation),
      bootAnswersOf(store, at, [from, to]).then(byStation),
    ]);
  return ({ station, firstSeen }) => {
    const since = sinceFor(station);
    const links = linksFor(station).filter((link) => link.to === null || link.to > since);
    const watched = without(watchedFor(station), unseenOf(links, watchedFor(station)));
    const activity = activityFor(station);
    const recordings = activity.filter(({ imported }) => imported).map(provenBy);
    const watchedUntil = watched.reduce((most, one) => Math.max(most, one.to ?? to), from);
    const around = [from - SILENT_AFTER, Math.min(to + SILENT_AFTER, watchedUntil)] as const;
    return {
      window: { from, to },
      statuses: statusesFor(station),
      links: [...links, ...recordings],
      watched: [...watched, ...recordings],
      silences: silencesOf(links, activity, around),
      boots: bootsFor(station).filter(({ time }) => time >= since),
      losses: lostFor(station).filter((loss) => loss.to >= since),
      registrations: answersFor(station),
      firstSeen,
    };
  };
}

/**
 * Statuses of the period, and the links and boots that they lean on: a boot speaks of the link it came over,
 * and of what was said before. Both may lie before the period, of each station as far as its oldest status.
 */
async function readStatuses(store: Store, at: StationsAt, [from, to]: readonly [Micros, Micros]) {
  const statusesFor = byStation(await statusesOf(store, at, [from, to]));
  const sinceFor = (station: string) =>
    statusesFor(station).reduce((least, status) => Math.min(least, status.from), from);
  const since = at.station.map(sinceFor).reduce((least, one) => Math.min(least, one), from);
  const [links, boots, lostFor] = await Promise.all([
    linksOf(store, at, [since, to]),
    bootsOf(store, at, [since, to]),
    lostRecords(store, at, [since, to]),
  ]);
  return { statusesFor, sinceFor, linksFor: byStation(links), bootsFor: byStation(boots), lostFor };
}

/** A recording is somebody else's watching: its frames show a link that was up. */
const provenBy = ({ from, to, first, last }: Activity): Proven => ({ from, to, records: [first, last] });
