import { second } from '@chargeproof/projection/testing';
import { describe, expect, it } from 'vitest';
import { Charger, clock } from './testing.ts';

describe('the end of a transaction', () => {
  it('given a stop that is sent again, then it is one stop', () => {
    const charger = new Charger();
    const start = charger.start(7);
    const stop = charger.stop(7, { timestamp: clock(50) });
    const again = charger.reconnect().stop(7, { timestamp: clock(50) });
    const told = charger.told();
    expect(told.kinds()).toEqual(['transaction']);
    expect(told.of(start)).toMatchObject({ stop_record: stop, last_record: again });
    expect(told.frames[start]).toMatchObject({ [stop]: 'stop', [again]: 'stop' });
  });

  it('given a second, different stop, then the first holds and the second is kept as a frame of it', () => {
    const charger = new Charger();
    const start = charger.start(7);
    const stop = charger.stop(7);
    const other = charger.stop(7, { meterStop: 9999 });
    const told = charger.told();
    expect(told.kinds()).toEqual(['transaction']);
    expect(told.of(start)).toMatchObject({ stop_record: stop, meter_stop: '2000', last_record: other });
  });

  it('S10: given a register that stands below the start, then it is kept as it was sent', () => {
    const charger = new Charger();
    const start = charger.start(7, { meterStart: 1000 });
    charger.stop(7, { meterStop: 999 });
    expect(charger.told().of(start)).toMatchObject({ meter_start: '1000', meter_stop: '999' });
  });

  it('given no stop, when the next start comes, then the end is read off that', () => {
    const charger = new Charger();
    const one = charger.start(7);
    const next = charger.wait(100).start(8);
    const told = charger.told();
    expect(told.of(one)).toMatchObject({
      ...{ stop_method: 'next-start', stopped: second(104), stopped_by: 'station', stop_record: null },
      inferred_from_record: next,
    });
    expect(told.frames[one]?.[next]).toBe('inferred');
  });

  it('given an end that was read off another frame, when the stop comes from the queue, then the stop holds', () => {
    const charger = new Charger();
    const one = charger.start(7);
    const next = charger.wait(100).start(8);
    const stop = charger.stop(7, { timestamp: clock(50) });
    const told = charger.told();
    expect(told.of(one)).toMatchObject({
      ...{
        stop_method: 'StopTransaction',
        stopped: second(50),
        stop_record: stop,
        inferred_from_record: null,
      },
    });
    expect(told.frames[one]).not.toHaveProperty(next);
    expect(told.of(next)).toMatchObject({ stop_method: '' });
  });

  it('S12: given a boot and then Available, then power was lost, between what was last heard and the boot', () => {
    const charger = new Charger();
    const one = charger.start(7);
    const meter = charger.wait(60).meter(7, '1500');
    const boot = charger.wait(60).boot();
    expect(charger.told().of(one)).toMatchObject({ stop_method: '' });
    const status = charger.status('Available');
    const told = charger.told();
    expect(told.of(one)).toMatchObject({
      ...{ stop_method: 'boot', stopped: second(125), stopped_by: 'received', inferred_from_record: boot },
      ...{ last_record: meter, last_heard: second(64) },
    });
    expect(told.frames[one]).toMatchObject({ [boot]: 'inferred', [status]: 'inferred' });
  });

  it('S12: given a boot and then a start, then the end is read off the boot', () => {
    const charger = new Charger();
    const one = charger.start(7);
    const boot = charger.wait(60).boot();
    charger.start(8, { meterStart: 1700 });
    expect(charger.told().of(one)).toMatchObject({ stop_method: 'boot', inferred_from_record: boot });
  });

  it('given a boot after which the transaction goes on, then it did not end', () => {
    const charger = new Charger();
    const one = charger.start(7);
    charger.boot();
    charger.meter(7, '1500');
    expect(charger.told().of(one)).toMatchObject({ stop_method: '' });
    charger.status('Available');
    expect(charger.told().of(one)).toMatchObject({ stop_method: 'status' });
  });

  it.each(['boot', 'status'] as const)(
    'given an end read off a %s, when meter values go on, then it is open again',
    (how) => {
      const charger = new Charger();
      const one = charger.start(7);
      if (how === 'boot') charger.boot();
      const status = charger.status('Available');
      expect(charger.told().of(one)).toMatchObject({ stop_method: how });
      charger.meter(7, '1500');
      const told = charger.told();
      expect(told.of(one)).toMatchObject({ stop_method: '', stopped: null, inferred_from_record: null });
      expect(told.frames[one]).not.toHaveProperty(status);
    },
  );

  it('given an end read off a status, when meter values of before come from the queue, then it stays ended', () => {
    const charger = new Charger();
    const one = charger.start(7);
    charger.wait(600).status('Available');
    const queued = [{ timestamp: clock(300), sampledValue: [{ value: '1500' }] }];
    charger.meter(7, '', { meterValue: queued });
    const told = charger.told();
    expect(told.of(one)).toMatchObject({ stop_method: 'status' });
    expect(told.samples).toMatchObject([{ transaction: one }]);
  });

  it('given no clock, one id and a register of the session, then the stop of the next is not the first sent again', () => {
    const charger = new Charger();
    const never = { timestamp: '1970-01-01T00:00:00Z' };
    const keys = [1, 2].map(() => {
      const start = charger.start(1, { ...never, meterStart: 0 });
      charger.stop(1, { ...never, meterStop: 500 });
      return start;
    });
    const told = charger.told();
    expect(keys.map((key) => told.of(key).stop_method)).toEqual(['StopTransaction', 'StopTransaction']);
  });

  it('S06: given meter values after the stop, late or from the queue, then they are kept and reopen nothing', () => {
    const charger = new Charger();
    const start = charger.start(7);
    const stop = charger.wait(100).stop(7);
    const late = charger.meter(7, '2001');
    charger.wait(600).meter(7, '1500', {
      meterValue: [{ timestamp: clock(50), sampledValue: [{ value: '1500' }] }],
    });
    const told = charger.told();
    expect(told.of(start)).toMatchObject({
      stop_record: stop,
      stop_method: 'StopTransaction',
      stopped: second(104),
    });
    expect(told.samples.map(({ transaction }) => transaction)).toEqual([start, start]);
    expect(told.frames[start]?.[late]).toBe('meter');
  });

  it('given a status from before the start, or of the station, then it ends nothing', () => {
    const charger = new Charger();
    const start = charger.wait(100).start(7);
    charger.call('StatusNotification', { connectorId: 1, status: 'Available', timestamp: clock(90) });
    charger.status('Available', 0);
    charger.status('Available', 2);
    expect(charger.told().of(start)).toMatchObject({ stop_method: '' });
  });

  it('given a queued start that is older than the one that goes on, then it ended where that began', () => {
    const charger = new Charger();
    const newer = charger.wait(7200).start(8);
    const older = charger.start(7, { timestamp: clock(100), idTag: 'OLD' });
    const told = charger.told();
    expect(told.of(newer)).toMatchObject({ stop_method: '' });
    expect(told.of(older)).toMatchObject({ stop_method: 'next-start', inferred_from_record: newer });
  });

  it('given a stop dated before its start, then it ended when we heard of it', () => {
    const charger = new Charger();
    const start = charger.wait(100).start(7);
    charger.stop(7, { timestamp: clock(20) });
    expect(charger.told().of(start)).toMatchObject({ stopped: second(104), stopped_by: 'received' });
  });

  it.each<[how: string, end: (charger: Charger) => string]>([
    ['StopTransaction', (charger) => charger.stop(7, { timestamp: clock(20) })],
    ['next-start', (charger) => charger.start(8, { timestamp: clock(20) })],
  ])('S09: given a start without a clock, then no %s by a clock ends it before it', (stop_method, end) => {
    const charger = new Charger();
    const start = charger.wait(100).start(7, { timestamp: '1970-01-01T00:00:09Z' });
    end(charger);
    expect(charger.told().of(start)).toMatchObject({
      started: second(102),
      stopped: second(104),
      stopped_by: 'received',
      stop_method,
    });
  });
});
