import { ACTIONS_16, readFrame } from '@chargeproof/ocpp';
import type { LoggedRecord, Micros } from '@chargeproof/record';
import { createSealer } from '@chargeproof/record';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameBreaches, payloadBreaches, schemaBreaches } from './index.ts';
import { dateTimeFault } from './schemas/date-time.ts';

/** 2026-11-21T10:00:00Z */
const RECEIVED: Micros = 1_795_255_200_000_000;
const context = { received: RECEIVED, forms: new Map() };
const sealer = createSealer({
  current: 'a',
  keys: new Map([['a', Buffer.alloc(32, 1)]]),
  standIns: Buffer.alloc(32, 2),
});

/** The frame as it lies in the log, tags sealed, and what is wrong with its action and payload. */
function breachesIn(message: unknown, direction: 'station-to-csms' | 'csms-to-station' = 'station-to-csms') {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  const { value, sealed } = sealer.seal(Buffer.from(text), 'text');
  const record: LoggedRecord = {
    key: 'default/CP-1',
    attributes: {
      id: 'c/0',
      source: 'run',
      type: 'ocpp.frame.v1',
      tenant: 'default',
      subject: 'CP-1',
      time: RECEIVED,
      witness: 'wire',
      opcode: 'text',
      direction,
      ...(sealed && { sealed }),
    },
    value,
    position: { generation: 0, partition: 0, offset: 0 },
    loggedAt: RECEIVED,
  };
  const frame = readFrame(value, 'text');
  return payloadBreaches(record, frame, frame.action ?? '', RECEIVED, 'ocpp1.6');
}

const rules = (breaches: readonly { readonly rule: string }[]) => breaches.map(({ rule }) => rule);
const start = { connectorId: 1, idTag: 'A1B2', meterStart: 7, timestamp: '2026-11-21T09:59:00Z' };

describe('the form of a frame', () => {
  it.each([
    ['[2,"1","Heartbeat",{}]', []],
    ['[2,"1","Heartbeat"', ['rpc-invalid-json']],
    ['{"a":1}', ['rpc-not-array']],
    ['[9,"1"]', ['rpc-message-type']],
    ['[2,"1","Heartbeat"]', ['rpc-call-arity']],
    ['[3,"1","Heartbeat",{}]', ['rpc-callresult-arity']],
    ['[4,"1","GenericError",""]', ['rpc-callerror-arity']],
    ['[2,7,"Heartbeat",{}]', ['rpc-id-type']],
    ['[2,"","Heartbeat",{}]', ['rpc-id-length']],
    [`[2,"${'x'.repeat(37)}","Heartbeat",{}]`, ['rpc-id-length']],
    [`[2,"${'🚗'.repeat(36)}","Heartbeat",{}]`, []],
    ['[2,"1","Heartbeat",[]]', ['rpc-payload-type']],
    ['[2,"1","A",{"b":1,"b":2}]', ['rpc-duplicate-key']],
    ['[4,"1","OccurrenceConstraintViolation","",{}]', ['rpc-error-code-spelling']],
    ['[4,"1","OccurenceConstraintViolation","",{}]', []],
    ['[4,"1","Whatever","",{}]', ['rpc-error-code']],
    ['[4,"1","GenericError",null,"{}"]', ['rpc-error-details']],
  ])('%s', (text, expected) => {
    expect(rules(frameBreaches(readFrame(Buffer.from(text), 'text'), 'ocpp1.6'))).toEqual(expected);
  });
});

describe('the payload of a frame', () => {
  it('conforms where nothing is wrong, tags sealed as they are', () => {
    expect(breachesIn([2, '1', 'StartTransaction', start])).toEqual([]);
  });

  it('counts the characters of a tag that is sealed, not those of its stand-in', () => {
    const long = breachesIn([2, '1', 'StartTransaction', { ...start, idTag: 'x'.repeat(21) }]);
    expect(long).toEqual([{ rule: 'schema-length', detail: '/idTag has 21 characters, 20 are allowed' }]);
    const number = breachesIn([2, '1', 'StartTransaction', { ...start, idTag: 12345 }]);
    expect(rules(number)).toEqual(['schema-type']);
  });

  it.each([
    [{ ...start, timestamp: undefined }, 'schema-missing-field'],
    [{ ...start, meterStart: '7' }, 'schema-type'],
    [{ ...start, meterStart: null }, 'schema-null-value'],
    [{ ...start, connectorId: 0 }, 'schema-number-range'],
    [{ ...start, colour: 'red' }, 'schema-extra-field'],
    [{ ...start, timestamp: 'yesterday' }, 'schema-datetime'],
    [{ ...start, timestamp: '1970-01-01T00:00:00Z' }, 'schema-datetime-implausible'],
    [{ ...start, timestamp: '2026-11-21T09:59:00' }, 'schema-datetime-zone'],
    [{ ...start, timestamp: '2026-11-21T09:59:00+02' }, 'schema-datetime-rfc3339'],
  ])('%j breaks %s', (payload, rule) => {
    expect(rules(breachesIn([2, '1', 'StartTransaction', payload]))).toEqual([rule]);
  });

  it('tells each rule once a frame, with how often', () => {
    const sampledValue = Array.from({ length: 1000 }, (_, n) => ({ value: n }));
    const meterValue = [{ timestamp: '2026-11-21T09:59:00Z', sampledValue }];
    expect(breachesIn([2, '1', 'MeterValues', { connectorId: 1, meterValue }])).toEqual([
      {
        rule: 'schema-type',
        detail: '/meterValue/0/sampledValue/0/value is number, not string; and 999 more',
      },
    ]);
  });

  it('never quotes what the frame says', () => {
    const said = JSON.stringify(
      breachesIn([2, '1', 'StatusNotification', { connectorId: 'sesame', status: 'sesame' }]),
    );
    expect(said).not.toContain('sesame');
  });

  it.each([
    ['heartbeat', 'rpc-action-case'],
    ['HeartbeatRequest', 'rpc-action-case'],
    ['Dance', 'rpc-action-unknown'],
    ['Reset', 'rpc-action-direction'],
  ])('action %s breaks %s', (action, rule) => {
    expect(rules(breachesIn([2, '1', action, action === 'Reset' ? { type: 'Soft' } : {}]))).toEqual([rule]);
  });

  it('knows a schema for every action of OCPP 1.6, and for 2.0.1 and 2.1 by their own names', () => {
    for (const action of ACTIONS_16.keys()) {
      expect(schemaBreaches('ocpp1.6', action, 'call', {}, context), action).toBeDefined();
      expect(schemaBreaches('ocpp1.6', action, 'answer', {}, context), action).toBeDefined();
    }
    for (const version of ['ocpp2.0.1', 'ocpp2.1']) {
      expect(rules(schemaBreaches(version, 'BootNotification', 'call', {}, context) ?? [])).toEqual([
        'schema-missing-field',
      ]);
    }
  });

  it('takes a limit with one decimal as it is written', () => {
    const limits = [8.1, 21.4, 32.3, 6.3, 48.8].map((limit) => ({ startPeriod: 0, limit }));
    const schedule = { chargingRateUnit: 'A', chargingSchedulePeriod: limits };
    const answered = { status: 'Accepted', chargingSchedule: schedule };
    expect(schemaBreaches('ocpp1.6', 'GetCompositeSchedule', 'answer', answered, context)).toEqual([]);
    limits.push({ startPeriod: 0, limit: 8.15 });
    expect(
      rules(schemaBreaches('ocpp1.6', 'GetCompositeSchedule', 'answer', answered, context) ?? []),
    ).toEqual(['schema-decimal']);
  });

  it('never throws, whatever a payload is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ACTIONS_16.keys()), fc.jsonValue(), (action, payload) => {
        schemaBreaches('ocpp1.6', action, 'call', payload, context);
        schemaBreaches('ocpp1.6', action, 'answer', payload, context);
      }),
    );
  });
});

describe('a time', () => {
  it.each([
    ['2026-11-21T10:00:00Z', undefined],
    ['2026-11-21T10:00:00.123456+05:30', undefined],
    ['2026-11-22T11:00:01+01:00', 'implausible'],
    ['2099-01-01T00:00:00Z', 'implausible'],
    ['222222017-01-01T00:00:00Z', 'implausible'],
    ['0001-01-01T00:00:00Z', 'implausible'],
    ['2026-02-29T00:00:00Z', 'unreadable'],
    ['2024-02-29T00:00:00Z', undefined],
    ['2026-11-21T24:00:00Z', 'unreadable'],
    ['2026-11-21 10:00:00Z', 'not-rfc3339'],
    ['2026-11-21T10:00Z', 'not-rfc3339'],
    ['1678963344', 'unreadable'],
    ['', 'unreadable'],
  ])('%s: %s', (text, fault) => {
    expect(dateTimeFault(text, RECEIVED)).toBe(fault);
  });
});
