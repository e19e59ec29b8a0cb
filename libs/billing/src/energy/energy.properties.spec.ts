import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnergyInput, SampledReading } from './contract.ts';
import { energyOf } from './energy.ts';
import { formatWh } from './format.ts';
import { BEGIN, MINUTE, register, sample, session } from './testing/readings.ts';

const odd = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    '',
    ' ',
    '1e999999',
    '-1e-999',
    '9'.repeat(10_000),
    '0.'.padEnd(5000, '1'),
    'Infinity',
    '__proto__',
    '\ud800',
    '1,5',
    '.5',
    '5.',
  ),
  fc.integer().map(String),
  fc.double().map(String),
);
const oddOrNull = fc.option(odd);
const oddReading: fc.Arbitrary<SampledReading> = fc.record({
  record: fc.constantFrom('a', 'b', 'c'),
  ordinal: fc.nat(3),
  time: fc.integer({ min: BEGIN - MINUTE, max: BEGIN + 90 * MINUTE }),
  value: odd,
  measurand: fc.oneof(
    fc.constantFrom(
      null,
      'Energy.Active.Export.Register',
      'Energy.Active.Import.Interval',
      'Power.Active.Import',
    ),
    odd,
  ),
  context: fc.oneof(fc.constantFrom('Transaction.Begin', 'Transaction.End', 'Sample.Clock'), oddOrNull),
  format: fc.oneof(fc.constantFrom('Raw', 'SignedData', null), oddOrNull),
  phase: fc.oneof(fc.constantFrom('L1', 'L2', 'L3', null), oddOrNull),
  location: fc.oneof(fc.constantFrom('Outlet', null), oddOrNull),
  unit: fc.oneof(fc.constantFrom('Wh', 'kWh', null), oddOrNull),
  multiplier: fc.oneof(fc.constant(0), fc.integer(), fc.double()),
  source: fc.constantFrom('MeterValues', 'StopTransaction'),
});
const oddInput: fc.Arbitrary<EnergyInput> = fc.record({
  start: fc.option(odd.map((value) => register('start', 0, value))),
  stop: fc.option(odd.map((value) => register('stop', 60, value))),
  open: fc.boolean(),
  samples: fc.array(oddReading, { maxLength: 12 }),
  boots: fc.constantFrom([], [{ record: 'boot', time: BEGIN + 30 * MINUTE }]),
  limits: fc.record({ maxPowerWatts: fc.double() }),
});

/** A register that only rises, read at ascending minutes, in Wh. */
const rising = fc
  .tuple(fc.nat(5_000_000), fc.array(fc.nat(5000), { minLength: 3, maxLength: 20 }))
  .map(([from, rises]) =>
    rises.reduce((values, rise) => [...values, (values.at(-1) ?? from) + rise], [from]),
  );
const samplesOf = (values: readonly number[]) =>
  values.map((value, index) => sample(index + 1, String(value), { record: `m${index}` }));
const sessionOf = (values: readonly number[]) =>
  session(String(values[0]), String(values.at(-1)), samplesOf(values));
const wattHours = (input: EnergyInput) => energyOf(input).energyMwh;

describe('energy, whatever comes', () => {
  it('never throws, is never negative, and says nothing without a confidence', () => {
    fc.assert(
      fc.property(oddInput, (input) => {
        const { energyMwh, method, confidence, records } = energyOf(input);
        expect(energyMwh ?? 0n).toBeGreaterThanOrEqual(0n);
        expect((energyMwh === null) === (confidence === 'NONE')).toBe(true);
        expect((energyMwh === null) === (method === null)).toBe(true);
        expect(records.length > 0).toBe(energyMwh !== null);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same in any order, and with any reading given twice', () => {
    const shuffled = oddInput.chain((input) =>
      fc.record({
        input: fc.constant(input),
        again: fc.subarray([...input.samples]).chain((twice) => {
          const all = [...input.samples, ...twice];
          return fc.shuffledSubarray(all, { minLength: all.length });
        }),
      }),
    );
    const once = (samples: readonly SampledReading[]) =>
      samples.filter(
        ({ record, ordinal }, at) =>
          samples.findIndex((other) => other.record === record && other.ordinal === ordinal) === at,
      );
    fc.assert(
      fc.property(shuffled, ({ input, again }) => {
        const unique = once(input.samples);
        const same = again.filter((reading) => unique.includes(reading));
        expect(energyOf({ ...input, samples: same })).toEqual(energyOf({ ...input, samples: unique }));
      }),
    );
  });

  it('is the same where a frame was sent again under another record', () => {
    fc.assert(
      fc.property(rising, fc.nat(20), (values, which) => {
        const samples = samplesOf(values);
        const again = samples
          .slice(which, which + 2)
          .map((reading) => ({ ...reading, record: `${reading.record}'` }));
        const input = session(null, null, samples);
        expect(wattHours({ ...input, samples: [...samples, ...again] })).toBe(wattHours(input));
      }),
    );
  });

  it('is the same in kWh as in Wh', () => {
    const inKwh = (reading: SampledReading) => ({
      ...reading,
      value: formatWh(BigInt(reading.value)),
      unit: 'kWh',
    });
    fc.assert(
      fc.property(rising, (values) => {
        const samples = samplesOf(values);
        expect(wattHours(session(null, null, samples.map(inKwh)))).toBe(
          wattHours(session(null, null, samples)),
        );
      }),
    );
  });

  it('is the register at the end less that at the begin, and adds up where it is cut at a reading', () => {
    fc.assert(
      fc.property(rising, fc.nat(20), (values, which) => {
        const at = which % values.length;
        const whole = wattHours(sessionOf(values));
        expect(whole).toBe(BigInt((values.at(-1) ?? 0) - (values[0] ?? 0)) * 1000n);
        const parts = [values.slice(0, at + 1), values.slice(at)].map(sessionOf).map(wattHours);
        expect(parts.reduce((sum: bigint, part) => sum + (part ?? 0n), 0n)).toBe(whole);
      }),
    );
  });

  // In time that grows with their square it would not end before the runner ends it.
  it('takes 100,000 readings that fall and rise without end', () => {
    const saw = Array.from({ length: 100_000 }, (_, index) =>
      sample(index, String(1e7 - index * (index % 2 === 0 ? 1 : 99)), { record: `m${index}` }),
    );
    expect(
      wattHours(session('0', '20000000', saw, { stop: register('stop', 200_000, '20000000') })),
    ).not.toBeNull();
  });
});

describe('watt hours as text', () => {
  it.each([
    [0n, '0'],
    [1n, '0.001'],
    [25_650_000n, '25650'],
    [12_340n, '12.34'],
    [-1_500n, '-1.5'],
  ])('%s mWh', (mWh, text) => {
    expect(formatWh(mWh)).toBe(text);
  });
});
