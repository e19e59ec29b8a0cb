import { second } from '@chargeproof/projection/testing';
import { describe, expect, it } from 'vitest';
import { Charger, clock } from './testing.ts';

const SAME = { timestamp: clock(2) };

describe('the start of a transaction', () => {
  it('given a start that is answered and a stop, then both ends are told with their proofs', () => {
    const charger = new Charger();
    const start = charger.start(7, { reservationId: 3 });
    charger.wait(600);
    const meter = charger.meter(7, '1500');
    const stop = charger.stop(7, { reason: 'EVDisconnected' });
    const told = charger.told();
    expect(told.of(start)).toMatchObject({
      ...{ kind: 'transaction', connector: 1, transaction_id: '7', id_tag: 'TAG', id_tag_status: 'Accepted' },
      ...{ reservation_id: '3', starts: 1, started: second(2), started_by: 'station', meter_start: '1000' },
      ...{ stopped: second(605), stopped_by: 'station', meter_stop: '2000', stop_reason: 'EVDisconnected' },
      ...{ stop_method: 'StopTransaction', stop_record: stop, first_meter_record: meter, last_record: stop },
      last_heard: second(605),
    });
    expect(Object.values(told.frames[start] ?? {})).toEqual(['start', 'answer', 'meter', 'stop', 'answer']);
  });

  it.each([
    ['no answer', (charger: Charger) => charger.wait(60)],
    ['a CALLERROR', (charger: Charger) => charger.fail()],
    ['a reconnect', (charger: Charger) => charger.reconnect()],
    [
      'an answer that was lost',
      (charger: Charger) => charger.answer({ transactionId: 8, idTagInfo: { status: 'Accepted' } }),
    ],
  ])('S04: given %s, when the start is sent again as it was, then it is one transaction', (_how, before) => {
    const charger = new Charger();
    const first = charger.start(undefined, SAME);
    before(charger);
    const again = charger.start(9, SAME);
    const told = charger.told();
    expect(told.kinds()).toEqual(['transaction']);
    expect(told.of(first)).toMatchObject({ starts: 2, transaction_id: '9', last_start_record: again });
    expect(told.frames[first]).toMatchObject({ [first]: 'start', [again]: 'retry' });
  });

  it('given two ids for one retried start, then frames under either belong to it', () => {
    const charger = new Charger();
    const first = charger.start(8, SAME);
    charger.reconnect().start(9, SAME);
    charger.meter(8, '1200');
    charger.stop(8);
    const told = charger.told();
    expect(told.kinds()).toEqual(['transaction']);
    expect(told.of(first)).toMatchObject({ transaction_id: '9', meter_stop: '2000' });
    expect(told.samples.map(({ transaction }) => transaction)).toEqual([first]);
  });

  it('given a retry that is refused as ConcurrentTx with itself, then the transaction goes on', () => {
    const charger = new Charger();
    const first = charger.start(8, SAME);
    charger.start(0, SAME, 'ConcurrentTx');
    expect(charger.told().of(first)).toMatchObject({
      ...{ kind: 'transaction', transaction_id: '8', id_tag_status: 'Accepted', starts: 2, stop_method: '' },
    });
  });

  it.each(['Invalid', 'Blocked', 'Expired', 'ConcurrentTx'])('given %s, then it is an attempt', (status) => {
    const charger = new Charger();
    const start = charger.start(-1, {}, status);
    expect(charger.told().of(start)).toMatchObject({
      kind: 'attempt',
      id_tag_status: status,
      stop_method: '',
    });
  });

  it('given thousands of starts that are all refused with -1, then each is an attempt, and little is remembered', () => {
    const charger = new Charger();
    for (let i = 0; i < 300; i++) charger.start(-1, {}, 'Invalid');
    const told = charger.told();
    expect(told.kinds()).toEqual(Array.from({ length: 300 }, () => 'attempt'));
  });

  it('given a refused start during a transaction, then that goes on', () => {
    const charger = new Charger();
    const running = charger.start(7);
    const refused = charger.start(8, { idTag: 'OTHER' }, 'ConcurrentTx');
    const told = charger.told();
    expect(told.of(running)).toMatchObject({ stop_method: '', inferred_from_record: null, stopped: null });
    expect(told.frames[running]).not.toHaveProperty(refused);
  });

  it('given a refused start and no energy, when it is stopped, then it stays an attempt (E 3.17)', () => {
    const charger = new Charger();
    const refused = charger.start(7, {}, 'Invalid');
    charger.meter(7, '1000.2');
    charger.stop(7, { meterStop: 1000, reason: 'DeAuthorized' });
    expect(charger.told().of(refused)).toMatchObject({ kind: 'attempt', stop_reason: 'DeAuthorized' });
  });

  it.each([
    ['its register moves', (charger: Charger) => charger.meter(7, '1200')],
    ['its register of the session moves', (charger: Charger) => charger.meter(7, '2')],
    ['its stop tells energy', (charger: Charger) => charger.stop(7)],
  ])('given a refused start, when %s, then it is a transaction (E 3.17)', (_how, goOn) => {
    const charger = new Charger();
    const refused = charger.start(7, {}, 'Invalid');
    goOn(charger);
    expect(charger.told().of(refused)).toMatchObject({ kind: 'transaction', id_tag_status: 'Invalid' });
  });

  it('given a CALLERROR, then it is open, its id unknown, and the id that the station uses becomes its own', () => {
    const charger = new Charger();
    const start = charger.start(undefined);
    charger.fail();
    expect(charger.told().of(start)).toMatchObject({
      kind: 'transaction',
      transaction_id: null,
      stop_method: '',
    });
    charger.meter(55, '1200');
    charger.stop(55);
    expect(charger.told().of(start)).toMatchObject({ transaction_id: '55', meter_stop: '2000' });
  });

  it('S19: given two connectors that start 1 s apart with one tag, then there are two', () => {
    const charger = new Charger();
    const one = charger.start(7);
    const two = charger.start(8, { connectorId: 2 });
    charger.stop(8);
    const told = charger.told();
    expect(told.of(one)).toMatchObject({ connector: 1, stop_method: '' });
    expect(told.of(two)).toMatchObject({ connector: 2, stop_method: 'StopTransaction' });
  });

  it('S09: given a clock in 1970, then it is placed by receive time, and its next start is no retry', () => {
    const charger = new Charger();
    const never = { timestamp: '1970-01-01T00:00:05Z', meterStart: 0 };
    const one = charger.start(1, never);
    charger.stop(1, { timestamp: '1970-01-01T01:00:05Z' });
    const two = charger.start(2, never);
    const told = charger.told();
    expect(told.of(one)).toMatchObject({
      started: second(2),
      started_by: 'received',
      stopped_by: 'received',
      starts: 1,
    });
    expect(told.of(two)).toMatchObject({ started: second(6), start_station_time: never.timestamp });
  });

  it.each([
    '2099-01-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '222222017-10-27T19:10:11Z',
    '2026-11-01T00:00:01',
    'noon',
    7,
    null,
    undefined,
    {},
  ])('given the time %s, then the receive time holds', (timestamp) => {
    const charger = new Charger();
    const start = charger.start(1, { timestamp });
    expect(charger.told().of(start)).toMatchObject({ started: second(2), started_by: 'received' });
  });

  it('given a start from an outage, then it began when the station says', () => {
    const charger = new Charger();
    charger.wait(7200);
    const start = charger.start(1, { timestamp: clock(60) });
    expect(charger.told().of(start)).toMatchObject({ started: second(60), start_received: second(7202) });
  });
});
