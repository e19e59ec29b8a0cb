import type { Micros } from '@chargeproof/record';
import type { StatusSpan, UptimeCause, UptimeInput, UptimeVerdict } from './contract.ts';

export type Condition = { readonly verdict: UptimeVerdict; readonly cause: UptimeCause };

/** Status of OCPP 1.6 and 2.x → what it means (uptime-and-billing A6). */
const MEANINGS: ReadonlyMap<string, Condition> = new Map<string, Condition>([
  ['Available', { verdict: 'UP', cause: 'available' }],
  ['Reserved', { verdict: 'UP', cause: 'reserved' }],
  ...['Preparing', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Finishing', 'Occupied'].map(
    (status): [string, Condition] => [status, { verdict: 'UP', cause: 'in-use' }],
  ),
  ['Faulted', { verdict: 'DOWN', cause: 'faulted' }],
  ['Unavailable', { verdict: 'DOWN', cause: 'unavailable' }],
]);

/** Connector 0 tells of the whole station, and only that it cannot be used (OCPP 1.6, 7.7). */
const OF_STATION: readonly UptimeCause[] = ['faulted', 'unavailable'];

/** What the connector's own status and its station's mean together. */
export function conditionOf(own: string | undefined, station: string | undefined): Condition {
  const ofOwn = own === undefined ? undefined : MEANINGS.get(own);
  const ofStation = station === undefined ? undefined : MEANINGS.get(station);
  for (const cause of OF_STATION)
    if (ofOwn?.cause === cause || ofStation?.cause === cause) return { verdict: 'DOWN', cause };
  return ofOwn ?? { verdict: 'UNKNOWN', cause: own === undefined ? 'no-status' : 'status-unknown' };
}

/**
 * Statuses as long as they hold. A status outlives its link, for a station that reconnects says again only
 * what changed (OCPP 1.6, 4.9). What was said over an earlier link than the one on which the station booted
 * ends with that link's beginning: after a boot each connector is to be told anew (errata 3.22). What was
 * said on the boot's own link stays, whether it came before the boot or the boot was merely triggered.
 */
export function holding({ statuses, boots = [], links }: UptimeInput): readonly StatusSpan[] {
  const linksInOrder = links.toSorted((a, b) => a.from - b.from);
  const ends = boots.map(({ time }) => beginningOfLink(linksInOrder, time)).sort((a, b) => a - b);
  return statuses.map((status) => {
    const end = firstAfter(ends, status.from);
    return end === undefined || (status.to !== null && status.to <= end) ? status : { ...status, to: end };
  });
}

function beginningOfLink(links: UptimeInput['links'], time: Micros): Micros {
  const link = links.findLast(({ from, to }) => from <= time && time <= (to ?? Infinity));
  return link?.from ?? time;
}

function firstAfter(times: readonly Micros[], time: Micros): Micros | undefined {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) > time) high = middle;
    else low = middle + 1;
  }
  return times[low];
}
