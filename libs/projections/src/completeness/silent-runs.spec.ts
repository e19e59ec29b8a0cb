import { runId } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { silencesOfRuns, type Stretch } from './silent-runs.ts';

const HOUR = 3600_000_000;
const RUN = runId(0, 'aaaaaa');
const stretch = (from: number, to: number, more: Partial<Stretch> = {}): Stretch => ({
  partition: 0,
  run: RUN,
  from: from * HOUR,
  to: to * HOUR,
  beganBy: 'start',
  state: 'watching',
  told: to * HOUR,
  first: `first${from}`,
  last: `last${to}`,
  ...more,
});
const silent = (stretches: readonly Stretch[], to = 24) =>
  silencesOfRuns(stretches, { from: 0, to: to * HOUR }).map((gap) => [
    gap.from / HOUR,
    gap.to / HOUR,
    ...gap.records,
  ]);

describe('a gateway that is not heard of', () => {
  it('is silent between its stretches, and from its last one on until its end is told', () => {
    const first = stretch(0, 1, { state: 'interrupted' });
    expect(silent([first, stretch(2, 3, { state: 'stopped' })])).toEqual([[1, 2, 'last1', 'first2']]);
    expect(silent([stretch(0, 1, { state: 'ended', told: 4 * HOUR })])).toEqual([[1, 4, 'last1']]);
    expect(silent([stretch(0, 1)], 2)).toEqual([[1, 2, 'last1']]);
  });

  it('is taken for gone half a day after its last word', () => {
    expect(silent([stretch(0, 1)])).toEqual([[1, 13, 'last1']]);
  });

  it('was there before its first tick where its start is not here: its name tells since when', () => {
    expect(silent([stretch(2, 24, { beganBy: 'unseen' })])).toEqual([[0, 2, 'first2']]);
    expect(silent([stretch(2, 24)])).toEqual([]);
  });

  it('says nothing of another one', () => {
    const other = stretch(0, 24, { run: runId(0, 'bbbbbb') });
    expect(silent([stretch(0, 1), other], 2)).toEqual([[1, 2, 'last1']]);
  });
});
