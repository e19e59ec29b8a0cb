import { second } from '@chargeproof/projection/testing';
import { describe, expect, it } from 'vitest';
import { Charger, clock } from '../transactions/testing.ts';

const one = {
  value: '1500.5',
  context: 'Sample.Clock',
  format: 'Raw',
  phase: 'L1-N',
  location: 'Outlet',
  unit: 'kWh',
};

describe('meter values', () => {
  it('are one row each, as sent, with the transaction they belong to', () => {
    const charger = new Charger();
    const start = charger.start(7);
    const meterValue = [
      { timestamp: clock(3), sampledValue: [one, { value: 604.213, measurand: 'Voltage' }] },
      { timestamp: clock(4), sampledValue: [{ value: '7' }] },
    ];
    const record = charger.meter(7, '', { meterValue });
    const { samples } = charger.told();
    expect(samples.map(({ ordinal, value, sampled }) => [ordinal, value, sampled])).toEqual([
      [0, '1500.5', second(3)],
      [1, '604.213', second(3)],
      [2, '7', second(4)],
    ]);
    expect(samples[0]).toEqual({
      ...{ record, ordinal: 0, connector: 1, transaction: start, transaction_id: '7', source: 'MeterValues' },
      ...{
        sampled: second(3),
        received: second(4),
        station_time: clock(3),
        clock: 'plausible',
        measurand: null,
      },
      ...one,
    });
  });

  it('in a stop are told as its own', () => {
    const charger = new Charger();
    const start = charger.start(7);
    const transactionData = [
      { timestamp: '1970-01-01T00:00:00Z', sampledValue: [{ value: '1', format: 'SignedData' }] },
    ];
    charger.stop(7, { transactionData });
    expect(charger.told().samples).toMatchObject([
      {
        transaction: start,
        source: 'StopTransaction',
        connector: null,
        sampled: second(4),
        clock: 'implausible',
        format: 'SignedData',
      },
    ]);
  });

  it('of OCPP 1.5 are read alike', () => {
    const charger = new Charger();
    charger.call('MeterValues', {
      connectorId: 1,
      values: [{ timestamp: clock(1), value: [{ value: '9' }] }],
    });
    expect(charger.told().samples).toMatchObject([{ value: '9', transaction: null, transaction_id: null }]);
  });

  it.each([
    ['no list', { meterValue: { timestamp: clock(1), sampledValue: [{ value: '1' }] } }],
    ['nothing', {}],
    ['a list of nothing', { meterValue: [null, 7, 'x', [], { sampledValue: 'x' }, { sampledValue: [] }] }],
    ['no object', 'text'],
    ['null', null],
    ['another list', [1, 2]],
  ])('that are %s give no rows', (_what, payload) => {
    const charger = new Charger();
    charger.call('MeterValues', payload);
    expect(charger.told().samples).toEqual([]);
  });

  it('of any size and form are kept, cut to what a column holds', () => {
    const charger = new Charger();
    const long = 'x'.repeat(65_536);
    const sampledValue = [
      { value: long, measurand: long, unit: long },
      ...[null, 7, {}, { value: null }, { value: {} }, { value: 1e300 }, { value: '\ud800' }],
      ...Array.from({ length: 5000 }, (_, at) => ({ value: at })),
    ];
    charger.meter(long, '', { meterValue: [{ timestamp: long, sampledValue }], connectorId: 1e21 });
    const { samples } = charger.told();
    expect(samples).toHaveLength(5008);
    expect(samples[0]).toMatchObject({ value: 'x'.repeat(255), clock: 'unreadable', connector: null });
    for (const cell of Object.values(samples[0] ?? {})) expect(String(cell).length).toBeLessThan(300);
  });
});
