import { describe, expect, it } from 'vitest';
import { formatMicros, parseMicros } from './time.ts';
import { readWrittenTime } from './written-time.ts';

const noon = parseMicros('2026-07-01T12:00:00Z');

describe('a written time', () => {
  it.each([
    ['2026-07-01T12:00:00Z', 0, true],
    ['2026-07-01t12:00:00.000z', 0, true],
    ['2026-07-01T12:00:00+05:30', 19_800, true],
    ['2026-07-01T12:00:00-0330', -12_600, false],
    ['2026-07-01T12:00:00+02', 7200, false],
    ['2026-07-01 12:00:00 Z', 0, false],
    ['2026-07-01T12:00', null, false],
    ['2026-07-01T12:00:00,000Z', 0, false],
    [' 2026-07-01T12:00:00Z', 0, false],
  ])('%s shows noon, %s s ahead', (text, ahead, strict) => {
    expect(readWrittenTime(text)).toEqual({ local: noon, ahead, strict });
  });

  it.each([
    '',
    '1678963344',
    'noon',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-07-01T24:00:00Z',
    '2026-07-01T12:61:00Z',
    '2026-07-01T12:00:00+25:00',
    '2026-07-01',
    `2026-07-01T12:00:00.${'0'.repeat(64)}Z`,
  ])('%j is none', (text) => {
    expect(readWrittenTime(text)).toBeUndefined();
  });

  it('of a year beyond four digits is a day of the calendar, and no more', () => {
    expect(readWrittenTime('222222017-01-01T00:00:00Z')).toEqual({ local: null, ahead: 0, strict: false });
    expect(readWrittenTime('222222017-02-29T00:00:00Z')).toBeUndefined();
    expect(readWrittenTime('+222222000-02-29T00:00:00Z')?.local).toBeNull();
  });

  it('keeps microseconds, cuts what is finer, and takes a leap second for the one before', () => {
    const shown = (text: string) => formatMicros(readWrittenTime(text)?.local ?? 0);
    expect(shown('2026-07-01T12:00:00.1234567Z')).toBe('2026-07-01T12:00:00.123456Z');
    expect(shown('2016-12-31T23:59:60Z')).toBe('2016-12-31T23:59:59.000000Z');
  });
});
