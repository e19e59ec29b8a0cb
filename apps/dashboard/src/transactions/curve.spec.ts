import { describe, expect, it } from 'vitest';
import { curveOf } from './curve.ts';

const at = (minute: number) => `2026-11-01T00:${String(minute).padStart(2, '0')}:00.000000Z`;
const sample = (minute: number, value: string, more: object = {}) => ({
  recordId: 'r',
  ordinal: 0,
  sampledAt: at(minute),
  value,
  measurand: null,
  context: null,
  phase: null,
  unit: null,
  ...more,
});

describe('the curve of a transaction', () => {
  const { registers, powers } = curveOf({
    startedAt: at(0),
    stoppedAt: at(9),
    meterStart: '1000',
    meterStop: 'about 4',
    meterValues: [
      sample(5, '3.5', { unit: 'kWh' }),
      sample(2, '2000'),
      sample(3, '700', { phase: 'L1' }),
      sample(4, ''),
      sample(6, '7200', { measurand: 'Power.Active.Import' }),
      sample(7, '1', { unit: 'parsec' }),
    ],
  });

  it('is of readings in one unit, by time, with those of its begin and end', () => {
    expect(registers.map(({ value }) => value)).toEqual([1, 2, 3.5]);
    expect(powers.map(({ value }) => value)).toEqual([7.2]);
  });

  it('tells the values as they were sent', () => {
    expect(registers.map(({ text }) => text)).toEqual(['1000 Wh', '2000 Wh', '3.5 kWh']);
  });
});
