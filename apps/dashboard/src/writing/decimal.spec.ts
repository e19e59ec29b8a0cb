import { describe, expect, it } from 'vitest';
import { energyText, grouped, kiloOf, microsOf, percentOf } from './decimal.ts';

describe('exact numbers as text', () => {
  it.each([
    ['12345.6', '12.3456'],
    ['0', '0'],
    ['7', '0.007'],
    ['-1500', '-1.5'],
    ['1000', '1'],
    ['100000', '100'],
    ['90071992547409930001', '90071992547409930.001'],
    ['0.0001', '0.0000001'],
    ['twelve', 'twelve'],
  ])('%s Wh is %s kWh, no digit lost', (wh, kwh) => {
    expect(kiloOf(wh)).toBe(kwh);
  });

  it('are grouped before the point only', () => {
    expect(grouped('1234567.8901')).toBe('1\u202f234\u202f567.8901');
    expect(grouped('123')).toBe('123');
    expect(energyText('1234567000')).toBe('1\u202f234\u202f567 kWh');
  });

  it('say 100 % only of the whole', () => {
    expect(percentOf(999_999n, 1_000_000n)).toBe('99.99 %');
    expect(percentOf(5n, 5n)).toBe('100 %');
    expect(percentOf(0n, 5n)).toBe('0 %');
    expect(percentOf(microsOf('0.5'), microsOf('1'))).toBe('50 %');
    expect(microsOf('12.000345')).toBe(12_000_345n);
  });
});
