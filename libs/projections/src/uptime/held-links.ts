import type { RunId } from '@chargeproof/record';
import { intersect, lasting, type Span, subtract, union } from '@chargeproof/uptime';
import type { Link } from './silences.ts';

/** A link and the run that held its socket. */
export type HeldLink = Link & {
  readonly run: RunId;
  /** Of a link that was lost with its run: when that was known. It may have been up until then. */
  readonly lostUntil: number | null;
};

type Watching = { readonly from: number; readonly to: number | null; readonly run: RunId };

/** When a link was up for certain: its own run tells of it, for another gateway does not see its socket. */
export function seenOf(links: readonly HeldLink[], watched: readonly Watching[]): readonly Span[] {
  const byRun = Map.groupBy(watched, ({ run }) => run);
  return union(links.flatMap((link) => intersect([lasting(link)], (byRun.get(link.run) ?? []).map(lasting))));
}

/** When the station may have had a link, and the run that would know is not heard of: neither up nor offline. */
export function unseenOf(links: readonly HeldLink[], watched: readonly Watching[]): readonly Span[] {
  const held = links.map(({ from, to, lostUntil }) => lasting({ from, to: lostUntil ?? to }));
  return subtract(held, seenOf(links, watched));
}

/** What is left of each, with its records. */
export function without<One extends { readonly from: number; readonly to: number | null }>(
  ones: readonly One[],
  spans: readonly Span[],
): readonly One[] {
  if (spans.length === 0) return ones;
  return ones.flatMap((one) =>
    subtract([lasting(one)], spans).map(({ from, to }) => ({
      ...one,
      from,
      to: to === Infinity ? null : to,
    })),
  );
}
