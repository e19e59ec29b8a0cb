import { describe, expect, it } from 'vitest';
import type { EnergyInput, SampledReading } from './contract.ts';
import { energyOf } from './energy.ts';
import { BEGIN, MINUTE, register, sample, session, told } from './testing/readings.ts';

const begin = (value: string, more: Partial<SampledReading> = {}) =>
  sample(0, value, { record: 'begin', context: 'Transaction.Begin', ...more });
const end = (value: string, more: Partial<SampledReading> = {}) =>
  sample(60, value, { record: 'end', context: 'Transaction.End', source: 'StopTransaction', ...more });
const kWh = { unit: 'kWh' };
const boots = [{ record: 'boot', time: BEGIN + 20 * MINUTE }];
const power = (minute: number, watts: string) =>
  sample(minute, watts, { ordinal: 1, measurand: 'Power.Active.Import', unit: 'W' });

/** Name, what is known, and what is said: Wh, method, confidence, findings. Rows of uptime-and-billing B2 and field 5.2. */
const ROWS: readonly (readonly [string, EnergyInput, readonly (string | null)[]])[] = [
  ['E-1 plain', session('1204300', '1229950'), ['25650', 'METER_START_STOP', 'MEASURED']],
  [
    'E-2 kWh with decimals',
    session(null, null, [begin('0', kWh), end('12.345', { ...kWh, multiplier: 0 })]),
    ['12345', 'TRANSACTION_BEGIN_END', 'MEASURED'],
  ],
  [
    'E-3 a multiplier, and more than any charger delivers',
    session(null, null, [begin('0'), end('12345', { unit: 'Wh', multiplier: 3 })]),
    ['12345000', 'TRANSACTION_BEGIN_END', 'ESTIMATED', 'OVER_POWER'],
  ],
  [
    'E-4 kWh called Wh, told by power',
    session(
      null,
      null,
      [0, 7, 14, 21].flatMap((minute) => [
        sample(minute, String(100 + minute / 7), { unit: 'Wh' }),
        power(minute, '9451'),
      ]),
    ),
    ['3000', 'REGISTER_SAMPLES', 'LOWER_BOUND', 'UNIT_KWH_AS_WH', 'PARTIAL', 'MISSING_STOP'],
  ],
  [
    'E-4 kWh called Wh, told by start and stop',
    session('250000', '251500', [sample(10, '250.4'), sample(50, '251.3')]),
    ['1500', 'METER_START_STOP', 'ESTIMATED', 'UNIT_KWH_AS_WH'],
  ],
  [
    'E-5 samples of the session, start and stop of the lifetime',
    session('4076000', '4076300', [sample(10, '0.104', kWh), sample(50, '0.299', kWh)]),
    ['300', 'METER_START_STOP', 'MEASURED', 'REGISTER_BASE_MIX'],
  ],
  [
    'E-5 the same while it goes on',
    session('4076000', null, [sample(10, '0.104', kWh), sample(50, '0.228', kWh)], { open: true }),
    ['228', 'REGISTER_SAMPLES', 'LOWER_BOUND', 'REGISTER_BASE_MIX', 'STILL_OPEN'],
  ],
  [
    'E-5 the other way: samples of the lifetime',
    session('0', '7000', [sample(10, '4076000'), sample(50, '4082000')]),
    ['7000', 'METER_START_STOP', 'MEASURED', 'REGISTER_BASE_MIX'],
  ],
  [
    'E-6 rollover at 2^32',
    session('4294960000', '5000'),
    ['12296', 'METER_START_STOP', 'ESTIMATED', 'ROLLOVER'],
  ],
  [
    'E-6 rollover of six digits, seen by the samples',
    session('995000', '4000', [sample(20, '999000'), sample(40, '1000')]),
    ['9000', 'METER_START_STOP', 'ESTIMATED', 'ROLLOVER'],
  ],
  [
    'E-8 a reset in the session',
    session('500000', '3000', [sample(10, '505000'), sample(30, '0')], { boots }),
    ['8000', 'METER_START_STOP', 'ESTIMATED', 'METER_RESET'],
  ],
  [
    'E-8 a reset that ends above its start',
    session('1000', '3000', [sample(10, '9000'), sample(30, '0')], { boots }),
    ['11000', 'METER_START_STOP', 'ESTIMATED', 'METER_RESET'],
  ],
  [
    'E-8 a reset without a boot, told by the readings that count on',
    session('500000', '3000', [sample(10, '505000'), sample(30, '100'), sample(40, '1000')]),
    ['8000', 'METER_START_STOP', 'ESTIMATED', 'METER_RESET'],
  ],
  [
    'E-9 a register that begins at 0 each time',
    session('0', '7000', [], { previousStop: register('before', -30, '6500') }),
    ['7000', 'METER_START_STOP', 'MEASURED'],
  ],
  [
    'E-10 it falls and nothing explains it',
    session('5000', '2000'),
    [null, null, 'NONE', 'IMPLAUSIBLE_END', 'NEGATIVE_ENERGY'],
  ],
  [
    'E-10 it falls and the samples do not',
    session('5000', '0', [sample(10, '6000'), sample(59, '9000')]),
    ['4000', 'REGISTER_SAMPLES', 'LOWER_BOUND', 'IMPLAUSIBLE_END', 'NEGATIVE_ENERGY', 'MISSING_STOP'],
  ],
  [
    'E-11 a total and its phases',
    session(null, null, [
      begin('0'),
      ...['3000', '3010', '2990'].map((value, index) =>
        sample(60, value, { ordinal: index, phase: `L${index + 1}`, context: 'Transaction.End' }),
      ),
      end('9000'),
    ]),
    ['9000', 'TRANSACTION_BEGIN_END', 'MEASURED'],
  ],
  [
    'E-11 a total that its phases contradict',
    session(null, null, [
      begin('0'),
      ...['3000', '3010', '2000'].map((value, index) =>
        sample(60, value, { ordinal: index, phase: `L${index + 1}-N`, context: 'Transaction.End' }),
      ),
      end('9000'),
    ]),
    ['9000', 'TRANSACTION_BEGIN_END', 'MEASURED', 'PHASES_DIFFER'],
  ],
  [
    'E-13 no start',
    session(null, '1000500', [sample(5, '998000')]),
    ['2500', 'REGISTER_SAMPLES', 'LOWER_BOUND', 'PARTIAL'],
  ],
  [
    'E-15 a lifetime register as the energy of a session',
    session('0', '939000', [], { limits: { maxPowerWatts: 11_000 } }),
    ['939000', 'METER_START_STOP', 'ESTIMATED', 'OVER_POWER'],
  ],
  [
    'E-16 export is taken off',
    session('100000', '110000', [
      sample(1, '500', { ordinal: 1, measurand: 'Energy.Active.Export.Register' }),
      sample(59, '4500', { ordinal: 1, measurand: 'Energy.Active.Export.Register' }),
    ]),
    ['6000', 'METER_START_STOP', 'MEASURED'],
  ],
  [
    'E-17 the register moved between two transactions',
    session('1229950', '1230950', [], { previousStop: register('before', -30, '1204300') }),
    ['1000', 'METER_START_STOP', 'MEASURED', 'CONTINUITY_GAP'],
  ],
  [
    'S01 an implausible begin',
    session('0', '910031', [begin('0'), sample(1, '909948'), sample(30, '910000'), end('910031')]),
    ['83', 'REGISTER_SAMPLES', 'ESTIMATED', 'IMPLAUSIBLE_BEGIN'],
  ],
  [
    'S02 a batch without energy',
    session('1000', '5000', [
      sample(10, '2000'),
      sample(20, '230', { measurand: 'Voltage', unit: 'V' }),
      sample(30, '3000'),
    ]),
    ['4000', 'METER_START_STOP', 'MEASURED'],
  ],
  [
    'S02 a zero in the middle',
    session('901000', null, [sample(10, '902000'), sample(20, '0'), sample(30, '903000')], { boots }),
    ['2000', 'REGISTER_SAMPLES', 'LOWER_BOUND', 'REGISTER_DROPOUT', 'MISSING_STOP'],
  ],
  [
    'S03 the lifetime register taken for the session, with samples',
    session('0', '939000', [sample(1, '931000'), sample(30, '935000')], {
      limits: { maxPowerWatts: 11_000 },
    }),
    ['8000', 'REGISTER_SAMPLES', 'ESTIMATED', 'IMPLAUSIBLE_BEGIN'],
  ],
  [
    'S10 below the start by 1 Wh',
    session('1000', '999'),
    ['0', 'METER_START_STOP', 'ESTIMATED', 'NEGATIVE_ENERGY'],
  ],
  [
    'S11 the register moves after the stop',
    session('2250000', '2259988', [sample(61, '2259992.1')]),
    ['9988', 'METER_START_STOP', 'MEASURED', 'REGISTER_AFTER_STOP'],
  ],
  [
    'S14 kWh and Wh mixed, and phases without a total',
    session('10000', null, [
      sample(10, '11', kWh),
      ...['4100', '4200', '4300'].map((value, index) =>
        sample(20, value, { ordinal: index, phase: `L${index + 1}`, unit: index === 1 ? 'Wh' : null }),
      ),
    ]),
    ['2600', 'REGISTER_SAMPLES', 'LOWER_BOUND', 'MISSING_STOP'],
  ],
  ['nothing is known', session(null, null), [null, null, 'NONE']],
  ['only a start', session('1000', null, [], { open: true }), [null, null, 'NONE']],
  [
    'a spike is no energy',
    session('1000', null, [
      sample(10, '2000'),
      sample(20, '99999999'),
      sample(30, '3000'),
      sample(40, '4000'),
    ]),
    ['3000', 'REGISTER_SAMPLES', 'LOWER_BOUND', 'REGISTER_SPIKE', 'MISSING_STOP'],
  ],
  [
    'a phase is missing once',
    session(
      null,
      null,
      [0, 30, 60].flatMap((minute) =>
        ['L1', 'L2', 'L3']
          .slice(0, minute === 60 ? 2 : 3)
          .map((phase, ordinal) => sample(minute, String(1000 + minute), { phase, ordinal })),
      ),
    ),
    ['90', 'REGISTER_SAMPLES', 'LOWER_BOUND', 'PHASE_MISSING', 'PARTIAL', 'MISSING_STOP'],
  ],
  [
    'signed readings are not verified yet',
    session('0', '5000', [begin('OCMF|{}', { format: 'SignedData' })]),
    ['5000', 'METER_START_STOP', 'MEASURED', 'SIGNED_NOT_VERIFIED'],
  ],
  [
    'intervals alone, every one of them there',
    session(
      null,
      null,
      [15, 30, 45, 60].map((minute) => sample(minute, '250', { measurand: 'Energy.Active.Import.Interval' })),
      {
        start: register('start', 0, null),
        stop: register('stop', 60, ''),
        intervals: { sample: 900 },
      },
    ),
    ['1000', 'INTERVALS', 'ESTIMATED', 'VALUE_UNREADABLE'],
  ],
  [
    'intervals of which one is missing',
    session(
      null,
      null,
      [15, 45, 60].map((minute) => sample(minute, '250', { measurand: 'Energy.Active.Import.Interval' })),
      {
        start: register('start', 0, null),
        stop: register('stop', 60, null),
        intervals: { sample: 900 },
      },
    ),
    ['750', 'INTERVALS', 'LOWER_BOUND', 'INTERVALS_INCOMPLETE', 'PARTIAL', 'MISSING_STOP'],
  ],
  [
    'power alone',
    session(null, null, [power(0, '10000'), power(30, '12000'), power(60, '10000')]),
    ['11000', 'POWER_INTEGRAL', 'LOWER_BOUND', 'PARTIAL', 'MISSING_STOP'],
  ],
  [
    'two methods that disagree',
    session('1000', '6000', [begin('1500'), end('6000')]),
    ['4500', 'TRANSACTION_BEGIN_END', 'ESTIMATED', 'METHODS_DISAGREE'],
  ],
  [
    'what other meters say is not of the transaction',
    session(null, null, [sample(1, '1', { location: 'Inlet' }), sample(2, '9', { location: 'Inlet' })]),
    [null, null, 'NONE'],
  ],
];

describe('energy of a transaction', () => {
  it.each(ROWS)('%s', (_name, input, expected) => {
    expect(told(energyOf(input))).toEqual(expected);
  });

  it('says what it cannot read, and reads on', () => {
    const texts = ['12,5', 'NaN', '', '0x1F', '-4', '1e999999', '9'.repeat(10_000), '3 kWh'];
    const input = session(
      '0',
      '50',
      texts.map((value, minute) => sample(minute, value)),
    );
    const { findings, energyMwh } = energyOf(input);
    expect(energyMwh).toBe(50_000n);
    expect(findings.map(({ code, records }) => [code, records.length])).toEqual([
      ['VALUE_UNREADABLE', texts.length],
    ]);
  });

  it('reads what is meant without doubt, and says so', () => {
    const input = session('0', null, [
      sample(10, '2e+01'),
      sample(20, '      48.542', kWh),
      sample(30, '+49', { unit: 'KWH' }),
    ]);
    expect(told(energyOf(input))).toEqual([
      '49000',
      'REGISTER_SAMPLES',
      'LOWER_BOUND',
      'NUMBER_FORM',
      'UNIT_SPELLING',
      'MISSING_STOP',
    ]);
  });

  it('shows what the other methods say, and how far they are apart', () => {
    const { crossChecks, disagreementMwh } = energyOf(
      session('1000', '5000', [sample(10, '1500'), sample(50, '4400'), begin('1000'), end('5.003', kWh)]),
    );
    expect(crossChecks).toEqual([
      { method: 'METER_START_STOP', energyMwh: 4_000_000n },
      { method: 'REGISTER_SAMPLES', energyMwh: 4_003_000n },
    ]);
    expect(disagreementMwh).toBe(3000n);
  });

  it.each(ROWS)('%s: its evidence alone gives the same energy', (_name, input) => {
    const { energyMwh, records } = energyOf(input);
    const has = ({ record }: { readonly record: string }) => records.includes(record);
    const proven = energyOf({
      ...input,
      start: input.start && has(input.start) ? input.start : null,
      stop: input.stop && has(input.stop) ? input.stop : null,
      samples: input.samples.filter(has),
      boots: input.boots?.filter(has) ?? [],
    });
    expect(proven.energyMwh).toBe(energyMwh);
  });
});
