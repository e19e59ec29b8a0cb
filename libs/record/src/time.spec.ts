import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMicros, parseMicros } from './time.ts';

describe('times', () => {
  it('are read as they were written, to the microsecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_000_000_000_000_000 / 8, max: 9_000_000_000_000_000 }), (time) => {
        expect(parseMicros(formatMicros(time))).toBe(time);
      }),
    );
  });

  it.each([
    ['2026-11-21T09:42:00Z', Date.UTC(2026, 10, 21, 9, 42)],
    ['2026-11-21T09:42:00.5Z', Date.UTC(2026, 10, 21, 9, 42, 0, 500)],
    ['2026-11-21T09:42:00.123000999Z', Date.UTC(2026, 10, 21, 9, 42, 0, 123)],
    ['2026-11-21T10:42:00+01:00', Date.UTC(2026, 10, 21, 9, 42)],
    ['2026-11-21T04:12:00-05:30', Date.UTC(2026, 10, 21, 9, 42)],
    ['0001-01-01T00:00:00Z', Date.parse('0001-01-01T00:00:00Z')],
  ])('%s is read', (text, milliseconds) => {
    expect(parseMicros(text)).toBe(milliseconds * 1000);
  });

  it.each([
    '2026-11-21T09:42:00',
    '2026-11-21T09:42:00+02',
    '2022-02-29T07:02:33.000Z',
    '2022-02-29T07:02:33.000000Z',
    '2026-13-01T00:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T09:42:00+24:00',
    '222222017-10-27T19:10:11Z',
    '0',
    '1678963344',
    '',
  ])('%s is not guessed at', (text) => {
    expect(parseMicros(text)).toBeUndefined();
  });
});
