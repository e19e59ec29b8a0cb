import type { Micros } from '@chargeproof/record';
import { type Proven, type Span, subtract, union } from '@chargeproof/uptime';
import { SILENT_AFTER } from '../connections/connections.ts';
import type { Activity } from './activity.ts';

/** A connection as a link. Absent `to`: it is open. */
export type Link = Proven & { readonly connection: string };

/**
 * When links were up and nothing came over any of them for {@link SILENT_AFTER}, nor stands in a recording.
 * @param until where the activity was read to, and where watching ended: beyond it nobody was silent
 */
export function silencesOf(
  links: readonly Link[],
  activity: readonly Activity[],
  [from, until]: readonly [Micros, Micros],
): readonly Proven[] {
  const byConnection = Map.groupBy(activity, ({ connection }) => connection);
  const up = links.map((link) => ({
    from: Math.max(link.from, from),
    to: Math.min(link.to ?? until, until),
    link,
  }));
  const alive = up.flatMap((span) => aliveOf(span, byConnection.get(span.link.connection) ?? []));
  const recorded = activity.filter(({ imported }) => imported);
  return subtract(union(up), [...alive, ...recorded]).map((silence) => ({
    ...silence,
    records: activity.filter(({ to }) => to === silence.from).map(({ last }) => last),
  }));
}

/** A link without its silences. What is shorter is none. */
function aliveOf(link: Span, activity: readonly Activity[]): readonly Span[] {
  const pauses = subtract([link], activity);
  return subtract(
    [link],
    pauses.filter(({ from, to }) => to - from >= SILENT_AFTER),
  );
}
