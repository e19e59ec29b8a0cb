import { describe, expect, it } from 'vitest';
import { toldBy } from './gaps.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 8, minute)).toISOString();
const unwatched = (from: number, to: number) => ({ kind: 'unwatched', from: at(from), to: at(to) });
const hour = { from: at(0), to: at(60), moves: true };

describe('what a record tells of a period', () => {
  it('is not incomplete for the time before the station was there, nor for the tick that is to come', () => {
    expect(toldBy([unwatched(0, 20), unwatched(59, 60)], hour, at(21))).toEqual({
      holes: [],
      since: at(20),
      until: at(59),
    });
  });

  it('is not incomplete for a recorder’s first tick, where a station has just come', () => {
    expect(toldBy([unwatched(0, 60)], hour, at(59))).toEqual({ holes: [], until: at(59) });
  });

  it.each([
    ['before, though the station was there', unwatched(0, 20), hour, at(19)],
    ['in the middle', unwatched(20, 21), hour, at(25)],
    ['up to now, for longer than ticks take', unwatched(57, 60), hour, at(1)],
    ['up to an end that does not move', unwatched(59, 60), { ...hour, moves: false }, at(1)],
    ['all the time', unwatched(0, 60), hour, at(70)],
    ['all the time that it was there, longer than ticks take', unwatched(0, 60), hour, at(57)],
    ['all of a period that does not move', unwatched(0, 60), { ...hour, moves: false }, at(59)],
    ['frames', { ...unwatched(59, 60), kind: 'frames' }, hour, at(1)],
  ])('is incomplete where it misses something: %s', (_, gap, asked, firstSeen) => {
    expect(toldBy([gap], asked, firstSeen)).toEqual({ holes: [gap] });
  });
});
