import type { Micros } from '@chargeproof/record';

/** Half-open: `from` belongs to it, `to` does not. Spans that touch do not overlap. */
export type Span = { readonly from: Micros; readonly to: Micros };

/** The time of what lasts until `to`, or goes on. */
export const lasting = ({ from, to }: { readonly from: Micros; readonly to: Micros | null }): Span => ({
  from,
  to: to ?? Infinity,
});

const isSome = ({ from, to }: Span) => from < to;

/** The same time in order, without overlaps, touching spans joined. Empty and reversed spans hold nothing. */
export function union(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans.filter(isSome).sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last === undefined || span.from > last.to) joined.push({ from: span.from, to: span.to });
    else if (span.to > last.to) joined[joined.length - 1] = { from: last.from, to: span.to };
  }
  return joined;
}

/** The time that both hold. */
export function intersect(some: readonly Span[], others: readonly Span[]): readonly Span[] {
  const left = union(some);
  const right = union(others);
  const common: Span[] = [];
  for (let i = 0, j = 0; ;) {
    const a = left[i];
    const b = right[j];
    if (a === undefined || b === undefined) return common;
    const both = { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
    if (isSome(both)) common.push(both);
    if (a.to < b.to) i++;
    else j++;
  }
}

/** The time of `some` that `others` do not hold. */
export function subtract(some: readonly Span[], others: readonly Span[]): readonly Span[] {
  const held = union(others);
  return intersect(some, [
    { from: -Infinity, to: held[0]?.from ?? Infinity },
    ...held.map(({ to }, index) => ({ from: to, to: held[index + 1]?.from ?? Infinity })),
  ]);
}

export const clip = (spans: readonly Span[], window: Span): readonly Span[] => intersect(spans, [window]);

/** How long they last together; overlaps count once. */
export const duration = (spans: readonly Span[]): Micros =>
  union(spans).reduce((sum, { from, to }) => sum + (to - from), 0);
