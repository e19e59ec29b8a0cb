import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFrontier, parseFrontier } from '../read-at/frontier.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import type { ListOrder } from './order.ts';

const ORDER: ListOrder = {
  name: 'things',
  newestFirst: true,
  by: [
    { column: 'time_us', sql: 'time', type: 'Int64' },
    { column: 'name', sql: 'name', type: 'String' },
  ],
};

const whole = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const frontier = fc.record(
  {
    generation: fc.nat({ max: 65_535 }),
    next: fc.array(whole, { minLength: 1, maxLength: 24 }),
    decisions: whole,
  },
  { requiredKeys: ['generation', 'next'] },
);
const cursor = fc.record({ behind: fc.tuple(whole, fc.string()), frontier });

describe('a cursor and the positions it was read at', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(frontier, (given) => {
        expect(parseFrontier(formatFrontier(given))).toEqual(given);
      }),
    );
    fc.assert(
      fc.property(cursor, (given) => {
        expect(parseCursor(ORDER, formatCursor(ORDER, given))).toEqual(given);
      }),
    );
  });

  it("are refused, never misread, when they are somebody else's text", () => {
    for (const text of [
      '',
      'g1',
      'g1.',
      'x1.0',
      'g1.0.-1',
      'g1.zzzzzzzzzzzz',
      'g1.0~',
      'g1.0~1.2',
      'g1.0~zzzzzzzzzzzz',
      'g1~1',
      'null',
      '[]',
      '2026-11-21T00:00:00Z',
    ]) {
      expect(parseFrontier(text)).toBeUndefined();
      expect(parseCursor(ORDER, text)).toBeUndefined();
      expect(parseCursor(ORDER, Buffer.from(text).toString('base64url'))).toBeUndefined();
    }
  });

  it('are refused by another list, and by one that is sorted otherwise', () => {
    const given = { behind: [5, 'a'], frontier: { generation: 0, next: [1] } };
    const written = formatCursor(ORDER, given);
    expect(parseCursor({ ...ORDER, name: 'others' }, written)).toBeUndefined();
    expect(parseCursor({ ...ORDER, by: ORDER.by.toReversed() }, written)).toBeUndefined();
    expect(parseCursor({ ...ORDER, by: ORDER.by.slice(1) }, written)).toBeUndefined();
  });
});
