import { describe, expect, it } from 'vitest';
import { completenessOf } from './completeness.ts';
import type { GapKind, RecordGap } from './contract.ts';

const told = (kind: GapKind, at: number): RecordGap => ({
  kind,
  from: at,
  to: at,
  missing: 1,
  reason: 'lost',
  records: [`r${at}`],
});
const stretch = (from: number, to: number, clockOffset: number | null = null) => ({
  from,
  to,
  clockOffset,
  records: [`first${from}`, `last${to}`],
});
const window = { from: 0, to: 100 };

describe('completeness', () => {
  it('is whole where several runs watched in turn, and overlaps count once', () => {
    const watched = [stretch(-10, 60, 5), stretch(50, 120, -7)];
    expect(completenessOf({ window, watched, told: [] })).toEqual({
      complete: true,
      watched: 100,
      unwatched: 0,
      gaps: [],
      clockOffsetMicros: -7,
    });
  });

  it('names the time that nobody watched, and the records around it', () => {
    const { complete, watched, unwatched, gaps } = completenessOf({
      window,
      watched: [stretch(0, 40), stretch(60, 100)],
      told: [],
    });
    expect([complete, watched, unwatched]).toEqual([false, 80, 20]);
    expect(gaps).toMatchObject([{ kind: 'unwatched', from: 40, to: 60, records: ['last40', 'first60'] }]);
  });

  it('cannot be vouched for while frames did not wait for the log', () => {
    const besideRelay = { ...stretch(-10, 40), besideRelay: true };
    const { complete, gaps } = completenessOf({ window, watched: [besideRelay, stretch(40, 120)], told: [] });
    expect(complete).toBe(false);
    expect(gaps).toMatchObject([{ kind: 'beside-relay', from: 0, to: 40, records: ['first-10', 'last40'] }]);
  });

  it('cannot be vouched for where nobody knows whether they did', () => {
    const unknown = { ...stretch(-10, 120), besideRelay: null };
    expect(completenessOf({ window, watched: [unknown], told: [] })).toMatchObject({
      complete: false,
      gaps: [{ kind: 'beside-relay', from: 0, to: 100 }],
    });
  });

  it('is broken by what is missing, not by what could not be passed on', () => {
    const of = (gap: RecordGap) => completenessOf({ window, watched: [stretch(0, 100)], told: [gap] });
    expect(of(told('frames', 50))).toMatchObject({ complete: false, gaps: [told('frames', 50)] });
    expect(of(told('relay-failed', 50))).toMatchObject({ complete: true, gaps: [told('relay-failed', 50)] });
    expect(of(told('frames', 100))).toMatchObject({ complete: true, gaps: [] });
  });
});
