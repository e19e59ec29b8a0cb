import type { Micros } from '@chargeproof/record';
import { ClaimedTimes, zoneOf } from '@chargeproof/recordings';
import { UsageError } from './options.ts';

const UTC = zoneOf('UTC');

/** What an option says as a time; a day is its beginning, and one without a zone is of UTC. @throws UsageError that names it */
export function timeIn(option: string, written: string): Micros {
  const time =
    UTC && new ClaimedTimes(UTC).read(/^\d{4}-\d\d-\d\d$/.test(written) ? `${written}T00:00Z` : written);
  if (time !== undefined) return time;
  throw new UsageError(`--${option} takes a time, as 2026-01-31 or 2026-01-31T12:00:00Z, not "${written}"`);
}
