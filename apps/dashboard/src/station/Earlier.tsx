import { ScopedLink } from '../parts/ScopedLink.tsx';
import type { Period } from '../scope/use-period.ts';
import { stationPath } from '../scope/use-scope.ts';
import { timeText } from '../writing/time.ts';

const DAY = 86_400_000;

type Props = { readonly station: string; readonly lastSeen: string | null; readonly period: Period };

/** Where a station's record ended before the period began: leads to its last day. */
export function Earlier({ station, lastSeen, period }: Props) {
  if (lastSeen === null || Date.parse(lastSeen) >= Date.parse(period.from)) return null;
  const end = Date.parse(lastSeen) + 1000;
  const day = { from: new Date(end - DAY).toISOString(), to: new Date(end).toISOString() };
  return (
    <p className="hint">
      It was last seen on {timeText(lastSeen)}.{' '}
      <ScopedLink to={stationPath(station)} with={day}>
        Show the 24 hours before that
      </ScopedLink>
    </p>
  );
}
