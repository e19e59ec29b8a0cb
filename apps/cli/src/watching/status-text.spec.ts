import { describe, expect, it } from 'vitest';
import { type Gap, statusText } from './status-text.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 8, 0, second)).toISOString();
const END = 60;
const unwatched = (from: number, to = END): Gap => ({
  kind: 'unwatched',
  from: at(from),
  to: at(to),
  reason: 'no gateway watched',
});

/** @param seconds since the period's end that it is read; undefined: its end was named */
function told(gaps: readonly Gap[], watchedSeconds: string, seconds: number | undefined): string {
  const entry = {
    station: 'CP-1',
    complete: gaps.length === 0,
    knownShare: '0.5',
    watchedSeconds,
    unwatchedSeconds: '1',
    clockOffsetMicros: null,
    clock: { says: 'not known', at: null },
    gaps,
  };
  const platform = { generation: 0, lag: '0', readAt: 'g0', partitions: [], parked: [] };
  const period = { from: at(0), to: at(END) };
  const now = seconds === undefined ? undefined : Date.parse(at(END + seconds));
  return statusText({ ...platform, period, completeness: [entry] }, now);
}

describe('the status of a record', () => {
  it('is not confirmed before a recorder’s first tick, and that is nothing that went wrong', () => {
    const text = told([unwatched(0)], '0', 5);
    expect(text).toMatch(
      /CP-1 {2}not confirmed yet, .*\n.*\n {4}to be confirmed {2}since 2026-11-21T08:00:00/,
    );
    expect(text).not.toContain('no gateway watched');
  });

  it('is complete up to the last tick while the next one is to come', () => {
    expect(told([unwatched(50)], '50', 5)).toContain(`CP-1  complete up to ${at(50)}, watched 50 s`);
  });

  it.each([
    ['the next tick is long overdue', [unwatched(50)], 160],
    ['the end of the period was named', [unwatched(50)], undefined],
    ['nobody watched before', [unwatched(20, 30)], 5],
    ['something else is missing at the end', [{ ...unwatched(50), kind: 'frames' }], 5],
  ] as const)('is not complete where %s', (_, gaps, seconds) => {
    expect(told(gaps, '50', seconds)).toContain('CP-1  not complete, 0.5 of it known');
  });

  it('is not complete where something is missing besides', () => {
    const text = told([unwatched(20, 30), unwatched(50)], '40', 5);
    expect(text).toContain('not complete');
    expect(text).toContain('no gateway watched');
    expect(text).toContain('to be confirmed');
  });
});
