import { expect, it } from 'vitest';
import { energyIn, energySum, transactionOf, transactionsOf } from './asking/questions.ts';
import type { Platform } from './platform.ts';
import { metered, start, stop, taken } from './telling/messages.ts';
import { Story } from './telling/story.ts';

const kWh = (value: string) => ({ value, unit: 'kWh' });

export function energyScenarios(platform: () => Platform): void {
  it('S01 a begin register of 0, sent while offline, is not billed from (citrineos-core#1060)', async () => {
    const story = new Story('S01');
    const line = story.connect(600);
    line.call(601, 'StartTransaction', start(story, 60, 0), taken(1));
    line.call(602, 'MeterValues', metered(story, 120, 1, '909948'));
    line.call(900, 'MeterValues', metered(story, 900, 1, '910000'));
    line.call(960, 'StopTransaction', stop(story, 960, 1, 910_031));
    await platform().tell(story);
    const one = await transactionOf(platform(), story);
    expect(energyIn(one)).toEqual(['83', 'REGISTER_SAMPLES', 'ESTIMATED', 'IMPLAUSIBLE_BEGIN']);
    expect(await energySum(platform(), story)).toEqual(['83']);
  });

  it('S02 meter values without energy change no total (citrineos-core#868)', async () => {
    const story = new Story('S02');
    const line = story.connect(10);
    line.call(20, 'StartTransaction', start(story, 20, 1000), taken(1));
    line.call(300, 'MeterValues', metered(story, 300, 1, '2500'));
    await platform().tell(story);
    const before = energyIn(await transactionOf(platform(), story));
    expect(before.slice(0, 2)).toEqual(['1500', 'REGISTER_SAMPLES']);
    const volts = { value: '230', measurand: 'Voltage', unit: 'V' };
    line.call(600, 'MeterValues', metered(story, 600, 1, volts, { ...volts, phase: 'L1' }));
    await platform().tell(story);
    const after = await transactionOf(platform(), story);
    expect(energyIn(after)).toEqual(before);
    expect(after.meterValues).toHaveLength(3);
  });

  it("S03 a meter's lifetime is not a session's energy (evcc#29654)", async () => {
    const story = new Story('S03');
    const line = story.connect(10);
    line.call(20, 'StartTransaction', start(story, 20, 0), taken(1));
    line.call(60, 'MeterValues', metered(story, 60, 1, kWh('931.0')));
    line.call(1800, 'MeterValues', metered(story, 1800, 1, kWh('935.0')));
    line.call(3600, 'StopTransaction', stop(story, 3600, 1, 939_000));
    await platform().tell(story);
    const [energy, , , ...findings] = energyIn(await transactionOf(platform(), story));
    expect([energy, findings]).toEqual(['8000', ['IMPLAUSIBLE_BEGIN']]);
  });

  it('S10 a register that falls by 1 Wh bills nothing, one that falls far says nothing (lbbrhzn#1810)', async () => {
    const story = new Story('S10');
    const line = story.connect(10);
    line.call(20, 'StartTransaction', start(story, 20, 5000), taken(1));
    line.call(300, 'StopTransaction', stop(story, 300, 1, 4999));
    line.call(400, 'StartTransaction', start(story, 400, 5000), taken(2));
    line.call(700, 'StopTransaction', stop(story, 700, 2, 2000));
    await platform().tell(story);
    const [byOne, far] = (await transactionsOf(platform(), story)).map(energyIn);
    expect(byOne).toEqual(['0', 'METER_START_STOP', 'ESTIMATED', 'NEGATIVE_ENERGY']);
    expect(far?.slice(0, 3)).toEqual([null, null, 'NONE']);
    expect(far).toContain('NEGATIVE_ENERGY');
    expect(await energySum(platform(), story)).toEqual(['0']);
  });

  it('S11 a register that moves after the stop is told, and not billed (lbbrhzn#1069)', async () => {
    const story = new Story('S11');
    const line = story.connect(10);
    line.call(20, 'StartTransaction', start(story, 20, 2_250_000), taken(1));
    line.call(3600, 'StopTransaction', stop(story, 3600, 1, 2_259_988));
    line.call(3660, 'MeterValues', metered(story, 3660, 1, '2259992.1'));
    line.call(4000, 'StartTransaction', start(story, 4000, 2_260_500), taken(2));
    await platform().tell(story);
    const [billed, next] = (await transactionsOf(platform(), story)).map(energyIn);
    expect(billed).toEqual(['9988', 'METER_START_STOP', 'MEASURED', 'REGISTER_AFTER_STOP']);
    expect(next).toContain('CONTINUITY_GAP');
  });

  it('S14 kWh and Wh mixed, and phases without a total, add up (citrineos-core#123)', async () => {
    const story = new Story('S14');
    const line = story.connect(10);
    line.call(20, 'StartTransaction', start(story, 20, 10_000), taken(1));
    line.call(600, 'MeterValues', metered(story, 600, 1, kWh('11')));
    const phases = ['4100', '4200', '4300'].map((value, index) => ({ value, phase: `L${index + 1}` }));
    line.call(1200, 'MeterValues', metered(story, 1200, 1, ...phases));
    await platform().tell(story);
    expect(energyIn(await transactionOf(platform(), story)).slice(0, 2)).toEqual([
      '2600',
      'REGISTER_SAMPLES',
    ]);
  });
}
