import { parseMicros } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { ClaimedTimes, EffectiveTimes, zoneOf } from './time.ts';

const read = (text: string, zone = 'UTC') => new ClaimedTimes(zoneOf(zone)!).read(text);

describe('a claimed time', () => {
  it.each([
    ['2026-07-01T12:00:00.123456Z', 'UTC', '2026-07-01T12:00:00.123456Z'],
    ['2026-07-01 12:00', 'UTC', '2026-07-01T12:00:00Z'],
    ['2026-07-01 12:00:00,5', 'UTC', '2026-07-01T12:00:00.5Z'],
    ['2026-07-01T12:00:00z', 'Europe/Berlin', '2026-07-01T12:00:00Z'],
    ['2026-07-01T12:00:00+02', 'UTC', '2026-07-01T10:00:00Z'],
    ['2026-07-01T12:00:00-0330', 'UTC', '2026-07-01T15:30:00Z'],
    ['2026-07-01T12:00:00', '+01:00', '2026-07-01T11:00:00Z'],
    ['2026-07-01T12:00:00', 'Europe/Berlin', '2026-07-01T10:00:00Z'],
    ['2026-01-01T12:00:00', 'Europe/Berlin', '2026-01-01T11:00:00Z'],
    ['2026-03-29T01:59:59', 'Europe/Berlin', '2026-03-29T00:59:59Z'],
    ['2026-03-29T03:00:00', 'Europe/Berlin', '2026-03-29T01:00:00Z'],
    ['2026-06-01T00:00:00', 'America/St_Johns', '2026-06-01T02:30:00Z'],
    ['0001-01-01T00:00:00Z', 'UTC', '1970-01-01T00:00:00Z'],
  ])('%s in %s is %s', (text, zone, instant) => {
    expect(read(text, zone)).toBe(parseMicros(instant));
  });

  it.each([
    '',
    '0',
    'noon',
    '+222222017-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2026-02-30T00:00:00',
    '2026-07-01T25:00Z',
    '2026-07-01',
  ])('%s is none that we can hold', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('without a zone is counted', () => {
    const times = new ClaimedTimes(zoneOf('UTC')!);
    for (const text of ['2026-07-01T12:00:00', '2026-07-01T12:00:00Z', '2026-07-01T12:00:00+02'])
      times.read(text);
    expect(times.withoutZone).toBe(1);
  });

  it.each(['Europe/Nowhere', '+25:00', '1', ''])('%j names no zone', (name) => {
    expect(zoneOf(name)).toBeUndefined();
  });
});

it('makes times plausible and non-decreasing', () => {
  const year = (number: number) => parseMicros(`${number}-01-01T00:00:00Z`)!;
  const times = new EffectiveTimes(year(2020), year(2026));
  const claimed = [year(2020), year(2022), year(2021), year(2099), undefined, year(1970), year(2026)];
  expect(claimed.map((time) => times.next(time))).toEqual(
    [2020, 2022, 2022, 2022, 2022, 2022, 2026].map(year),
  );
});
