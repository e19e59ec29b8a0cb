import { describe, expect, it } from 'vitest';
import { Charger, clock, refolded, stateSize } from './testing.ts';

describe('which transaction an id names', () => {
  it.each([0, -1, 1])('given id %i for every transaction, then each has its own frames', (id) => {
    const charger = new Charger();
    const keys = [1, 2, 3].map((round) => {
      const start = charger.start(id, { meterStart: round * 1000 });
      charger.meter(id, String(round * 1000 + 500));
      charger.stop(id, { meterStop: round * 1000 + 900 });
      return start;
    });
    const told = charger.told();
    expect(Object.keys(told.transactions)).toEqual(keys);
    expect(keys.map((key) => told.of(key).meter_stop)).toEqual(['1900', '2900', '3900']);
    expect(told.samples.map(({ transaction }) => transaction)).toEqual(keys);
  });

  it('given one id on two connectors, then meter values go by connector and the stop by its register', () => {
    const charger = new Charger();
    const one = charger.start(1, { meterStart: 500_000 });
    const two = charger.start(1, { connectorId: 2, meterStart: 1000 });
    charger.meter(1, '500100');
    charger.meter(1, '1100', { connectorId: 2 });
    charger.stop(1, { meterStop: 500_900 });
    charger.stop(1, { meterStop: 1900 });
    const told = charger.told();
    expect(told.of(one)).toMatchObject({ meter_stop: '500900' });
    expect(told.of(two)).toMatchObject({ meter_stop: '1900' });
    expect(told.samples.map(({ transaction }) => transaction)).toEqual([one, two]);
  });

  it('given an id used again after a reset, then a queued stop goes to the one of its time', () => {
    const charger = new Charger();
    const old = charger.start(1);
    charger.wait(3600).boot();
    const young = charger.start(1, { meterStart: 5000 });
    charger.stop(1, { timestamp: clock(1800) });
    const told = charger.told();
    expect(told.of(old)).toMatchObject({ stop_method: 'StopTransaction', meter_stop: '2000' });
    expect(told.of(young)).toMatchObject({ stop_method: '' });
  });

  it.each([
    [7, '7'],
    ['7', 7],
    [7, '7.0'],
    ['9223372036854775807', '9223372036854775807'],
    ['abc', 'abc'],
  ])('given id %j, when the station says %j, then it is the same', (given, used) => {
    const charger = new Charger();
    const start = charger.start(given);
    charger.stop(used);
    expect(charger.told().of(start)).toMatchObject({
      transaction_id: String(given),
      stop_method: 'StopTransaction',
    });
  });

  it.each([-1, 0])(
    'given a start without an answer, when the station says %i, then that names it (E 3.18)',
    (id) => {
      const charger = new Charger();
      const start = charger.start(undefined);
      charger.start(8, { connectorId: 2 });
      charger.meter(id, '1500');
      charger.stop(id);
      const told = charger.told();
      expect(told.of(start)).toMatchObject({ stop_method: 'StopTransaction', transaction_id: String(id) });
      expect(told.kinds()).toEqual(['transaction', 'transaction']);
    },
  );

  it('given an answer that never reached the station, when it says -1, then that names the only one that goes on', () => {
    const charger = new Charger();
    const start = charger.start(7);
    charger.meter(-1, '1500');
    charger.stop(-1);
    expect(charger.told().of(start)).toMatchObject({ transaction_id: '7', stop_method: 'StopTransaction' });
  });

  it('S07: given a stop that nobody saw start, then it is an orphan, which later frames of its id join', () => {
    const charger = new Charger();
    const stop = charger.stop(424_242);
    const meter = charger.meter(424_242, '2100');
    const told = charger.told();
    expect(told.of(stop)).toMatchObject({
      ...{ kind: 'orphan', connector: null, transaction_id: '424242', started: null, meter_stop: '2000' },
      ...{ stop_method: 'StopTransaction', start_record: null, first_meter_record: meter },
    });
    expect(told.samples[0]).toMatchObject({ transaction: stop });
  });

  it('S07: given its start late in the log, then the orphan is retracted and its successor is the transaction', () => {
    const charger = new Charger();
    const start = charger.start(7);
    charger.reconnect();
    const stop = charger.stop(7);
    const { before, facts } = refolded(charger.scene.log(), start.split('/')[0] ?? '');
    expect(before.kinds()).toEqual(['orphan']);
    const of = (name: string) =>
      facts.filter(({ projection }) => projection === name).map(({ fact }) => fact);
    expect(of('transactions').find(({ values }) => values === null)).toMatchObject({
      ...{ key: { transaction: stop }, successor: { transaction: start } },
    });
    expect(of('transactions').find(({ values }) => values !== null)?.values).toMatchObject({
      kind: 'transaction',
      stop_record: stop,
    });
    expect(
      of('transaction_frames').find(({ key, values }) => values === null && key.record === stop),
    ).toMatchObject({
      successor: { transaction: start, record: stop },
    });
  });

  it('given meter values of an unknown id, then they are an orphan that its stop ends', () => {
    const charger = new Charger();
    const meter = charger.meter(5, '1500');
    charger.stop(5);
    const told = charger.told();
    expect(told.kinds()).toEqual(['orphan']);
    expect(told.of(meter)).toMatchObject({ connector: 1, stop_method: 'StopTransaction' });
  });

  it('given meter values without an id, then they belong to the one transaction of their connector', () => {
    const charger = new Charger();
    charger.meter(undefined, '900');
    const start = charger.start(7);
    charger.meter(undefined, '1500');
    charger.meter(undefined, '1500', { connectorId: 0 });
    charger.meter(7, '1500', { connectorId: 0 });
    charger.meter(undefined, '1500', { connectorId: 2 });
    const voltage = [{ timestamp: clock(9), sampledValue: [{ value: '230', measurand: 'Voltage' }] }];
    charger.meter(undefined, '', { meterValue: voltage });
    charger.stop(7);
    charger.meter(undefined, '2000');
    const told = charger.told();
    expect(told.samples.map(({ transaction }) => transaction)).toEqual([
      null,
      start,
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(told.kinds()).toEqual(['transaction']);
  });

  it('S05, S13: given ids and message ids that begin again, then every frame has one transaction', () => {
    const charger = new Charger();
    charger.start(1);
    charger.stop(1);
    charger.boot();
    charger.start(1);
    charger.meter(1, '1500');
    charger.stop(1);
    const { frames } = charger.told();
    const records = Object.values(frames).flatMap((of) => Object.keys(of));
    expect(new Set(records).size).toBe(records.length);
  });

  it('given 1000 connectors and 1000 ids that nobody gave, then what is remembered is bounded', () => {
    const charger = new Charger();
    for (let i = 1; i <= 1000; i++) {
      charger.start(i, { connectorId: i });
      charger.meter(i + 5000, '1', { connectorId: i });
    }
    expect(charger.told().kinds()).toHaveLength(2000);
    expect(stateSize(charger.scene.log())).toBeLessThan(400_000);
  });
});
