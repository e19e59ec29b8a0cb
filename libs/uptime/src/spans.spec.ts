import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, duration, intersect, type Span, subtract, union } from './spans.ts';

const span: fc.Arbitrary<Span> = fc.record({ from: fc.nat(40), to: fc.nat(40) });
const spans = fc.array(span, { maxLength: 8 });

/** The time itself, moment by moment. */
const moments = (held: readonly Span[]) =>
  Array.from({ length: 41 }, (_, at) => held.some(({ from, to }) => from <= at && at < to));
const isOrdered = (held: readonly Span[]) =>
  held.every(({ from, to }, index) => from < to && from > (held[index - 1]?.to ?? -1));

describe('spans', () => {
  it('are joined, cut and taken away as the moments they hold are', () => {
    fc.assert(
      fc.property(spans, spans, (some, others) => {
        const [a, b] = [moments(some), moments(others)];
        const expected = {
          union: a,
          intersect: a.map((held, at) => held && b[at]),
          subtract: a.map((held, at) => held && !b[at]),
        };
        expect({
          union: moments(union(some)),
          intersect: moments(intersect(some, others)),
          subtract: moments(subtract(some, others)),
        }).toEqual(expected);
        for (const result of [union(some), intersect(some, others), subtract(some, others)])
          expect(isOrdered(result)).toBe(true);
        expect(duration(some)).toBe(a.filter(Boolean).length);
      }),
    );
  });

  it('that touch do not overlap', () => {
    expect(intersect([{ from: 0, to: 10 }], [{ from: 10, to: 20 }])).toEqual([]);
  });

  it('are clipped to a window', () => {
    expect(
      clip(
        [
          { from: 0, to: 10 },
          { from: 15, to: 30 },
        ],
        { from: 5, to: 20 },
      ),
    ).toEqual([
      { from: 5, to: 10 },
      { from: 15, to: 20 },
    ]);
  });
});
