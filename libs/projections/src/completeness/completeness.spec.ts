import { runId } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { clockWords, isOff, NO_TICKS, type ToldClock } from './clock.ts';
import { type CompletenessInput, completenessOf as judged, knownShare } from './completeness.ts';
import type { GapKind, RecordGap } from './contract.ts';

const told = (kind: GapKind, at: number): RecordGap => ({
  kind,
  from: at,
  to: at,
  missing: 1,
  reason: 'lost',
  records: [`r${at}`],
});
const stretch = (from: number, to: number) => ({
  from,
  to,
  records: [`first${from}`, `last${to}`],
});
const window = { from: 0, to: 100 };
const completenessOf = (input: Omit<CompletenessInput, 'clock'>) => judged({ ...input, clock: NO_TICKS });

describe('completeness', () => {
  it('is whole where several runs watched in turn, and overlaps count once', () => {
    const watched = [stretch(-10, 60), stretch(50, 120)];
    expect(completenessOf({ window, watched, told: [] })).toEqual({
      complete: true,
      known: 100,
      watched: 100,
      unwatched: 0,
      gaps: [],
      clock: NO_TICKS,
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

describe('the share that is known', () => {
  const shareOf = (gaps: readonly RecordGap[], watched = [stretch(0, 100)]) =>
    knownShare(completenessOf({ window, watched, told: gaps }), window);

  it('is the time that was watched and in which nothing is missing, in millionths', () => {
    expect(shareOf([])).toBe(1_000_000);
    expect(shareOf([], [stretch(0, 60)])).toBe(600_000);
    expect(shareOf([{ ...told('count', 50), to: 80 }], [stretch(0, 60)])).toBe(500_000);
    expect(shareOf([], [])).toBe(0);
  });

  it('is never whole where anything is missing, and rounded down', () => {
    expect(shareOf([told('frames', 50)])).toBe(999_999);
    expect(shareOf([told('relay-failed', 50)])).toBe(1_000_000);
    const third = { from: 0, to: 3 };
    expect(
      knownShare(judged({ window: third, watched: [stretch(0, 2)], told: [], clock: NO_TICKS }), third),
    ).toBe(666_666);
  });
});

describe('a clock in words', () => {
  const clock = (offset: number | null, more: Partial<ToldClock> = {}): ToldClock => ({
    ticks: 3,
    known: 3,
    largest:
      offset === null ? null : { offset, uncertainty: 4000, at: 0, run: runId(0, 'aaaaaa'), record: 'r' },
    ...more,
  });

  it.each([
    [clock(12_300), 'at most 0.0123 s slow (± 0.004 s)'],
    [clock(-2_000_000), 'at most 2 s fast (± 0.004 s)'],
    [
      clock(-2_000_001),
      'at most 2.000001 s fast (± 0.004 s): times of the record around then are off by as much',
    ],
    [clock(500, { ticks: 5 }), 'at most 0.0005 s slow (± 0.004 s); not known at 2 of 5 ticks'],
    [clock(null, { known: 0 }), 'not known: no gateway asks a time server'],
    [NO_TICKS, 'not known: no gateway ticked'],
  ])('%#: %s', (told, words) => {
    expect(clockWords(told)).toBe(words);
    expect(isOff(told)).toBe(words.includes('off by'));
  });
});
