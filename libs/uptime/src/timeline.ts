import type { Micros } from '@chargeproof/record';
import type { Span } from './spans.ts';

/** A stretch of time in which one item holds. */
export type Piece<Item> = Span & { readonly item: Item };
type Lasting = { readonly from: Micros; readonly to: Micros | null };

/** What holds when, in order and without overlaps: of several the one that began last. Absent `to`: it goes on. */
export function timelineOf<Item extends Lasting>(items: readonly Item[]): readonly Piece<Item>[] {
  const pieces: Piece<Item>[] = [];
  const open: Piece<Item>[] = [];
  let at = -Infinity;
  const reach = (to: Micros): void => {
    for (let top = open.at(-1); top !== undefined && at < to; top = open.at(-1)) {
      const until = Math.min(top.to, to);
      if (until > at) pieces.push({ from: at, to: until, item: top.item });
      at = Math.max(at, until);
      if (top.to > at) break;
      open.pop();
    }
    at = to;
  };
  for (const item of items.toSorted((a, b) => a.from - b.from)) {
    reach(item.from);
    open.push({ from: item.from, to: item.to ?? Infinity, item });
  }
  reach(Infinity);
  return pieces;
}

/** Reads a timeline at moments that only rise. */
export function readerOf<Item>(pieces: readonly Piece<Item>[]): (at: Micros) => Piece<Item> | undefined {
  let next = 0;
  return (at) => {
    while ((pieces[next]?.to ?? Infinity) <= at && next < pieces.length) next++;
    const piece = pieces[next];
    return piece !== undefined && piece.from <= at ? piece : undefined;
  };
}

/** Every moment of the window at which some timeline changes, its ends included. */
export function changes(timelines: readonly (readonly Span[])[], window: Span): readonly Micros[] {
  const inside = timelines
    .flatMap((pieces) => pieces.flatMap(({ from, to }) => [from, to]))
    .filter((at) => at > window.from && at < window.to);
  return [...new Set([window.from, ...inside, window.to])].sort((a, b) => a - b);
}
