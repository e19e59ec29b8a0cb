import { createFolder } from '@chargeproof/projection';
import type { StreamKey } from '@chargeproof/projection';
import { factsOf, Scene, second, STATION } from '@chargeproof/projection/testing';
import type { Row } from '@chargeproof/tables';
import { describe, expect, it } from 'vitest';
import { coverage } from './coverage.ts';

const streamOf = (run: string): StreamKey => ({ kind: 'run', key: `${run}.0` });

/** A run that starts at 0 s and ticks at these seconds, every 60 s as it says. */
function ticking(...at: readonly number[]) {
  const scene = new Scene();
  const run = scene.run('aaaaaa');
  run.start(60);
  for (const seconds of at) run.tick(second(seconds), 60);
  const told = () => {
    const ofRun = scene.log().filter(({ attributes }) => attributes.connection === undefined);
    return factsOf(coverage, streamOf(run.id), ofRun).map(({ fact }): Row => ({
      ...fact.key,
      ...fact.values,
    }));
  };
  return { scene, run, told };
}

describe('coverage', () => {
  it('given ticks in their time, then one stretch of watching grows, with what was recorded', () => {
    const { scene, run, told } = ticking(60, 120);
    run.open(second(121), STATION);
    run.open(second(122), STATION);
    run.tick(second(180), 60);
    const all = told();
    expect(all).toHaveLength(4);
    expect(new Set(all.map(({ began }) => began))).toEqual(new Set([second(0)]));
    expect(all.at(-1)).toMatchObject({
      until: second(180),
      ticks: 3,
      records: 2,
      tick_seconds: 60,
      beside_relay: false,
      began_by: 'start',
      state: 'watching',
      clean: null,
      first_record: scene.log()[0]?.attributes.id,
      last_record: scene.log().at(-1)?.attributes.id,
    });
  });

  it('given a run whose frames do not wait for the log, then all its stretches say so', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    run.start(60, undefined, 'beside-relay');
    for (const at of [60, 300]) run.tick(second(at), 60);
    const told = factsOf(coverage, streamOf(run.id), scene.log()).map(
      ({ fact }) => fact.values?.beside_relay,
    );
    expect(told).toEqual([true, true, true, true]);
  });

  it('given two ticks 2.5 ticks apart, then they are one stretch; further, and they are two', () => {
    expect(ticking(60, 210).told().at(-1)).toMatchObject({ began: second(0), ticks: 2 });
    expect(ticking(60, 211).told().slice(-2)).toMatchObject([
      { began: second(0), until: second(60), state: 'interrupted' },
      { began: second(211), until: second(211), began_by: 'late-tick', ticks: 1 },
    ]);
  });

  it('given a tick that is missing by its ordinal, then the stretch is broken', () => {
    const { run, told } = ticking(60);
    run.tick(second(120), 60, true);
    run.open(second(121), STATION);
    run.tick(second(180), 60);
    expect(told().slice(-2)).toMatchObject([
      { until: second(60), state: 'interrupted' },
      { began: second(180), began_by: 'missing-tick', records: 0 },
    ]);
  });

  it('given a clean stop, then it watched until then', () => {
    const { run, told } = ticking(60);
    run.stop(second(75));
    expect(told().at(-1)).toMatchObject({ until: second(75), state: 'stopped', clean: true });
  });

  it('given a clean stop that counts a tick which is not here, then its last tick is all that is known', () => {
    const { run, told } = ticking(60);
    run.stop(second(75), 2);
    expect(told().at(-1)).toMatchObject({ until: second(60), state: 'stopped', clean: true });
    const whole = ticking(60, 75);
    whole.run.stop(second(76), 2);
    expect(whole.told().at(-1)).toMatchObject({ until: second(76), ticks: 2 });
  });

  it('given a next run that says it died, then its last tick is all that is known', () => {
    const { scene, run, told } = ticking(60);
    scene.run('bbbbbb', second(900)).start(60, { run: run.id, endedCleanly: false });
    expect(told().at(-1)).toMatchObject({ until: second(60), state: 'ended', clean: false });
  });

  it('given ticks without a start, then it says that the start was not seen', () => {
    const scene = new Scene();
    const run = scene.run('aaaaaa');
    run.tick(second(60), 60);
    const [{ fact }] = factsOf(coverage, streamOf(run.id), scene.log()) as [
      ReturnType<typeof factsOf>[number],
    ];
    expect(fact).toMatchObject({ key: { began: second(60) }, values: { began_by: 'unseen', ticks: 1 } });
  });

  it('given a wall clock that steps, then the stretch goes on by the run’s own clock', () => {
    const { run, told } = ticking(60);
    run.stepClock(1800_000_000);
    run.tick(second(120), 60);
    expect(told().at(-1)).toMatchObject({ began: second(0), until: second(120), ticks: 2, leapt: false });
  });

  it.each([
    ['fell', -61_000_000, true],
    ['stood', -60_000_000, false],
    ['leapt', 3600_000_000 - 59_000_000, true],
    ['went on by an hour', 3600_000_000 - 60_000_000, false],
  ])('given a wall clock that %s, then its ticks are found by their times or not', (_, step, leapt) => {
    const { run, told } = ticking(60);
    run.stepClock(step);
    run.tick(second(120), 60);
    expect(told().at(-1)).toMatchObject({ leapt });
    run.tick(second(180), 60);
    expect(told().at(-1)).toMatchObject({ leapt });
  });

  it('given the missing tick after all, then the two stretches are one, and the second names it', () => {
    const { scene, run } = ticking(60, 120, 180);
    const [start, first, missing, last] = scene.log();
    const folder = createFolder([coverage]);
    const { facts } = folder.refold(folder.initial(streamOf(run.id)), [start!, first!, last!], [missing!]);
    expect(facts.map(({ fact }) => fact)).toMatchObject([
      { key: { began: second(0) }, values: { until: second(180), ticks: 3 } },
      { key: { began: second(180) }, values: null, successor: { began: second(0) } },
    ]);
  });
});
