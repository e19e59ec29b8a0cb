import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCursor, parseCursor } from './cursor.ts';
import { formatFrontier, parseFrontier } from '../read-at/frontier.ts';

const whole = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const frontier = fc.record({
  generation: fc.nat({ max: 65_535 }),
  next: fc.array(whole, { minLength: 1, maxLength: 24 }),
});
const cursor = fc.record({
  time: whole,
  connection: fc.string(),
  sequence: fc.nat(),
  offset: whole,
  frontier,
});

describe('a cursor and the positions it was read at', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(frontier, (given) => {
        expect(parseFrontier(formatFrontier(given))).toEqual(given);
      }),
    );
    fc.assert(
      fc.property(cursor, (given) => {
        expect(parseCursor(formatCursor(given))).toEqual(given);
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
      'null',
      '[]',
      '2026-11-21T00:00:00Z',
    ]) {
      expect(parseFrontier(text)).toBeUndefined();
      expect(parseCursor(text)).toBeUndefined();
      expect(parseCursor(Buffer.from(text).toString('base64url'))).toBeUndefined();
    }
  });
});
