import { readFrame } from '@chargeproof/ocpp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OCPP_16 } from './ocpp16/dialect.ts';
import { MOST_STARTS, NEW_STATION } from './station-state.ts';
import { call, Conversation, CURRENT, START } from './testing/conversation.ts';

const says = (frame: string, opcode?: 'text' | 'binary') => new Conversation().says(frame, opcode);

describe('the central system answers', () => {
  it.each([
    [
      'BootNotification',
      { chargePointVendor: 'V', chargePointModel: 'M' },
      { status: 'Accepted', currentTime: CURRENT, interval: 300 },
    ],
    ['Heartbeat', {}, { currentTime: CURRENT }],
    ['Heartbeat', null, { currentTime: CURRENT }],
    ['Authorize', { idTag: 'ANY' }, { idTagInfo: { status: 'Accepted' } }],
    ['Authorize', { idTag: '', connectorId: 2 }, { idTagInfo: { status: 'Invalid' } }],
    ['StartTransaction', START, { transactionId: 1, idTagInfo: { status: 'Accepted' } }],
    ['StopTransaction', { transactionId: 1, meterStop: 1, timestamp: CURRENT }, {}],
    ['StopTransaction', { transactionId: -1, idTag: 'T' }, { idTagInfo: { status: 'Accepted' } }],
    ['MeterValues', { connectorId: 1, transactionId: 0, meterValue: [] }, {}],
    ['StatusNotification', { connectorId: 0, errorCode: 'NoError', status: 'Occupied' }, {}],
    ['DataTransfer', { vendorId: 'V', data: 'x' }, { status: 'UnknownVendorId' }],
    ['DiagnosticsStatusNotification', { status: 'Idle' }, {}],
    ['FirmwareStatusNotification', { status: 'Idle' }, {}],
    ['LogStatusNotification', { status: 'Idle' }, {}],
    ['SecurityEventNotification', { type: 'InvalidMessages', timestamp: '2026-02-04T07:51:07Z' }, {}],
    ['SignedFirmwareStatusNotification', { status: 'Idle' }, {}],
    ['SignCertificate', { csr: '-----BEGIN' }, { status: 'Rejected' }],
  ])('%s %j', (action, payload, result) => {
    expect(says(call(action, payload))).toEqual([3, 'm', result]);
  });

  it.each([
    [call('Dance', {}), 'NotImplemented'],
    [call('heartbeat', {}), 'NotImplemented'],
    [call('TransactionEvent', {}), 'NotImplemented'],
    [call('__proto__', {}), 'NotImplemented'],
    [call('RemoteStartTransaction', { idTag: 'T' }), 'NotSupported'],
    [call('CertificateSigned', {}), 'NotSupported'],
    ['[2,"m","Heartbeat"]', 'ProtocolError'],
    ['[2,"m","Heartbeat",{},1]', 'FormationViolation'],
    ['[2,"m","Heartbeat",[]]', 'FormationViolation'],
    ['[2,"m",7,{}]', 'FormationViolation'],
    ['[2,"m"]', 'FormationViolation'],
    ['["2","m","Heartbeat",{}]', 'FormationViolation'],
    ['[2,"m","Authorize",{"idTag":"T"', 'FormationViolation'],
    ['[2,"m","Authorize",{"idTag":}]', 'FormationViolation'],
    [call('Authorize', {}), 'OccurenceConstraintViolation'],
    [call('Authorize', { idTag: 7 }), 'TypeConstraintViolation'],
    [call('Authorize', { idTag: null }), 'TypeConstraintViolation'],
    [call('BootNotification', { chargePointVendor: 'V' }), 'OccurenceConstraintViolation'],
    [call('StatusNotification', { connectorId: '1', errorCode: '', status: '' }), 'TypeConstraintViolation'],
    [call('StatusNotification', { connectorId: 1.5, errorCode: '', status: '' }), 'TypeConstraintViolation'],
    [
      call('StatusNotification', { connectorId: -1, errorCode: '', status: '' }),
      'PropertyConstraintViolation',
    ],
    [call('DataTransfer', null), 'OccurenceConstraintViolation'],
  ])('%s with %s', (frame, code) => {
    expect(says(frame)).toEqual([4, 'm', code, expect.any(String), {}]);
  });

  it('a number in place of a message id by its text', () => {
    expect(says('[2,17,"Heartbeat",{}]')).toEqual([4, '17', 'FormationViolation', expect.any(String), {}]);
    expect(says('[2,17,"StopTransaction",{}]')).toEqual([3, '17', {}]);
  });

  it('a message id as it was written, however long or odd', () => {
    for (const id of ['', ' ', '\ud800', 'x'.repeat(10_000)]) {
      expect(says(call('Heartbeat', {}, id))).toEqual([3, id, { currentTime: CURRENT }]);
    }
  });

  it.each([
    ['[3,"m",{}]', false],
    ['[4,"m","GenericError","",{}]', true],
    ['[4,"m"]', true],
  ])('%s by saying which CALL it answers', (frame, isError) => {
    const answers = { messageId: 'm', isError };
    expect(new Conversation().takes(frame)).toEqual({ state: NEW_STATION, answers });
  });

  it.each([
    '[5,"m","GenericError","",{}]',
    '[6,"m","Heartbeat",{}]',
    '[9,"m","Heartbeat",{}]',
    '[2,null,"Heartbeat",{}]',
    '{"idTag":"T"}',
    '[2,"m',
    '',
  ])('nothing to %s', (frame) => {
    expect(new Conversation().takes(frame)).toEqual({ state: NEW_STATION });
  });
});

describe('a message of a transaction is never refused', () => {
  it.each([
    ['[2,"m","StopTransaction",{"transactionId":"seven"}]', {}],
    ['[2,"m","StopTransaction",[]]', {}],
    ['[2,"m","StopTransaction"]', {}],
    ['[2,"m","StopTransaction",{"transactionId":1', {}],
    ['[2,"m","MeterValues",{"connectorId":"one"}]', {}],
    ['[2,"m","MeterValues",7]', {}],
    ['[2,"m","StartTransaction",{}]', { transactionId: 1, idTagInfo: { status: 'Invalid' } }],
    [
      '[2,"m","StartTransaction",{"idTag":"T","timestamp":',
      { transactionId: 1, idTagInfo: { status: 'Invalid' } },
    ],
    ['[2,"m","StartTransaction",{"idTag":"T"},"x"]', { transactionId: 1, idTagInfo: { status: 'Accepted' } }],
  ])('%s', (frame, result) => {
    expect(says(frame)).toEqual([3, 'm', result]);
  });

  it('nor for being binary', () => {
    expect(says('[2,"m","StopTransaction",{}]', 'binary')).toEqual([3, 'm', {}]);
    expect(says('[2,"m","Heartbeat",{}]', 'binary')).toMatchObject({ 2: 'FormationViolation' });
  });
});

describe('a transaction id', () => {
  it('is the same for a start that is sent again', () => {
    const station = new Conversation();
    expect([station.start(), station.start(), station.start({ connectorId: 2 }), station.start()]).toEqual([
      1, 1, 2, 1,
    ]);
  });

  it('is a new one where anything of the start differs, or once it was stopped', () => {
    const station = new Conversation();
    const others = [{ idTag: 'OTHER' }, { meterStart: 1 }, { meterStart: '0' }, { timestamp: CURRENT }];
    expect([station.start(), ...others.map((other) => station.start(other))]).toEqual([1, 2, 3, 4, 5]);
    station.says(call('StopTransaction', { transactionId: 1 }));
    expect([station.start(), station.start({ meterStart: 1 })]).toEqual([6, 3]);
  });

  it('is a new one for each start that does not say when it began', () => {
    const station = new Conversation();
    expect([station.start({ timestamp: null }), station.start({ timestamp: null })]).toEqual([1, 2]);
  });

  it('is remembered of so many starts and no tag is', () => {
    const station = new Conversation();
    for (let meterStart = 0; meterStart <= MOST_STARTS; meterStart++) station.start({ meterStart });
    expect(station.state.starts.size).toBe(MOST_STARTS);
    expect(JSON.stringify([...station.state.starts])).not.toContain('TAG');
    expect(station.start({ meterStart: 1 })).toBe(2);
    expect(station.start({ meterStart: 0 })).toBe(MOST_STARTS + 2);
  });

  it('that cannot be had leaves the start unanswered, and nothing else', () => {
    const station = new Conversation();
    station.idsLeft = 0;
    expect(station.takes(call('StartTransaction', START))).toEqual({ state: NEW_STATION, withheld: true });
    expect(station.says(call('Heartbeat', {}))).toMatchObject({ 0: 3 });
  });
});

describe('whatever comes', () => {
  const members = fc.dictionary(
    fc.constantFrom('idTag', 'transactionId', 'timestamp', 'connectorId', 'meterStart', 'vendorId', 'status'),
    fc.jsonValue(),
  );
  const calls = fc
    .tuple(
      fc.string({ unit: 'binary' }),
      fc.oneof(fc.constantFrom(...OCPP_16.actions.keys(), 'Reset', 'Dance'), fc.string()),
      fc.oneof(members, fc.jsonValue()),
    )
    .map(([id, action, payload]) => ({ id, bytes: Buffer.from(call(action, payload, id)) }));

  it('a CALL gets one response, with its id', () => {
    fc.assert(
      fc.property(fc.array(calls, { maxLength: 8 }), (conversation) => {
        const station = new Conversation();
        for (const { id, bytes } of conversation) {
          const response = station.says(bytes) as [number, string, unknown, string, object];
          expect(response[1]).toBe(id);
          if (response[0] === 4) expect(response).toHaveLength(5);
          else expect(response).toHaveLength(3);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('bytes that were a CALL once never make it throw', () => {
    const mangled = fc
      .tuple(calls, fc.nat(), fc.nat(255))
      .map(([{ bytes }, place, by]) =>
        Buffer.concat([
          bytes.subarray(0, place % bytes.length),
          Buffer.from([by]),
          bytes.subarray(place % bytes.length),
        ]),
      );
    fc.assert(
      fc.property(fc.oneof(mangled, fc.uint8Array()), fc.constantFrom('text', 'binary'), (bytes, opcode) => {
        const { messageId, kind } = readFrame(bytes, opcode);
        const response = new Conversation().says(bytes, opcode) as unknown[] | undefined;
        expect(response?.[1]).toBe(kind === 'call' ? messageId : undefined);
      }),
      { numRuns: 500 },
    );
  });
});
