import { describe, expect, it } from 'vitest';
import { readIdTagPolicy } from '../policy/id-tags.ts';
import { OpenTags } from '../policy/open-tags.ts';
import { call, Conversation, CURRENT } from '../testing/conversation.ts';
import { OCPP_201 } from './dialect.ts';

const conversation = (options = {}) => new Conversation({ dialect: OCPP_201, ...options });
const TOKEN = { idToken: 'TAG', type: 'ISO14443' };
const event = (eventType: string, more: object = {}, transactionId = 'tx1') => ({
  eventType,
  timestamp: CURRENT,
  triggerReason: 'Authorized',
  seqNo: 0,
  transactionInfo: { transactionId },
  ...more,
});
const idTags = readIdTagPolicy(
  { idTags: { tag: { parentIdTag: 'P', expiryDate: '2030-01-01T00:00:00Z' }, BAD: 'Blocked' } },
  'default',
).tenants.get('default');

describe('a station of OCPP 2.0.1 is answered', () => {
  it.each([
    [
      'BootNotification',
      { reason: 'PowerUp', chargingStation: { model: 'M', vendorName: 'V' } },
      { currentTime: CURRENT, interval: 300, status: 'Accepted' },
    ],
    ['Heartbeat', {}, { currentTime: CURRENT }],
    ['Authorize', { idToken: TOKEN }, { idTokenInfo: { status: 'Accepted' } }],
    ['Authorize', { idToken: { ...TOKEN, idToken: '' } }, { idTokenInfo: { status: 'Invalid' } }],
    [
      'Authorize',
      { idToken: { idToken: '', type: 'NoAuthorization' } },
      { idTokenInfo: { status: 'Accepted' } },
    ],
    ['TransactionEvent', event('Started'), {}],
    ['TransactionEvent', event('Updated', { idToken: TOKEN }), { idTokenInfo: { status: 'Accepted' } }],
    ['TransactionEvent', event('Ended'), {}],
    ['TransactionEvent', [], {}],
    ['MeterValues', { evseId: 1, meterValue: [] }, {}],
    [
      'StatusNotification',
      { timestamp: CURRENT, connectorStatus: 'Available', evseId: 1, connectorId: 1 },
      {},
    ],
    ['NotifyEvent', { generatedAt: CURRENT, seqNo: 0, eventData: [] }, {}],
    ['NotifyReport', { requestId: 1, generatedAt: CURRENT, seqNo: 0 }, {}],
    ['SecurityEventNotification', { type: 'StartupOfTheDevice', timestamp: CURRENT }, {}],
    ['FirmwareStatusNotification', { status: 'Idle' }, {}],
    ['LogStatusNotification', { status: 'Idle' }, {}],
    ['DataTransfer', { vendorId: 'V' }, { status: 'UnknownVendorId' }],
  ])('%s %j', (action, payload, result) => {
    expect(conversation().says(call(action, payload))).toEqual([3, 'm', result]);
  });

  it.each([
    [call('StartTransaction', {}), 'NotImplemented'],
    [call('NotifyMonitoringReport', {}), 'NotImplemented'],
    [call('RequestStartTransaction', {}), 'NotImplemented'],
    ['[2,"m","Heartbeat"]', 'ProtocolError'],
    ['[2,"m","Heartbeat",[]]', 'FormatViolation'],
    ['[2,"m","Heartbeat",{},1]', 'RpcFrameworkError'],
    ['[2,"m","Authorize",{"idToken":}]', 'RpcFrameworkError'],
    [call('Authorize', {}), 'OccurrenceConstraintViolation'],
    [call('Authorize', { idToken: 'TAG' }), 'TypeConstraintViolation'],
    [call('NotifyEvent', { eventData: {} }), 'TypeConstraintViolation'],
    [call('NotifyReport', { requestId: 'one' }), 'TypeConstraintViolation'],
    [
      call('StatusNotification', { connectorStatus: 'Available', evseId: -1, connectorId: 1 }),
      'PropertyConstraintViolation',
    ],
  ])('%s with %s', (frame, code) => {
    expect(conversation().says(frame)).toEqual([4, 'm', code, expect.any(String), {}]);
  });

  it.each(['[2,null,"Heartbeat",{}]', '{"a":1}', '[2', ''])('%j by the id -1', (frame) => {
    expect(conversation().says(frame)).toEqual([4, '-1', 'RpcFrameworkError', expect.any(String), {}]);
  });

  it.each(['[3,null,{}]', '[4,', '[9,"m",{}]', '[6,"m","NotifyPeriodicEventStream",{}]'])(
    'nothing to %s',
    (frame) => {
      expect(conversation().says(frame)).toBeUndefined();
    },
  );
});

describe('a token of the list', () => {
  it('is told with its group and its end; one that is not in it is unknown', () => {
    const station = conversation({ policy: { idTags } });
    const status = (idToken: string) => station.calls('Authorize', { idToken: { ...TOKEN, idToken } });
    expect(status('TAG')).toEqual({
      idTokenInfo: {
        status: 'Accepted',
        cacheExpiryDateTime: '2030-01-01T00:00:00.000Z',
        groupIdToken: { idToken: 'P', type: 'Central' },
      },
    });
    expect(status('bad')).toEqual({ idTokenInfo: { status: 'Blocked' } });
    expect(status('X')).toEqual({ idTokenInfo: { status: 'Unknown' } });
  });

  it('has one transaction at a time, over all stations', () => {
    const openTags = new OpenTags();
    const [one, other] = ['A', 'B'].map((station) => conversation({ policy: { idTags }, station, openTags }));
    const says = (station: Conversation | undefined, kind: string, id: string) =>
      station?.calls('TransactionEvent', event(kind, { idToken: TOKEN }, id));
    expect(says(one, 'Started', 'tx1')).toMatchObject({ idTokenInfo: { status: 'Accepted' } });
    expect(says(one, 'Updated', 'tx1')).toMatchObject({ idTokenInfo: { status: 'Accepted' } });
    expect(says(other, 'Started', 'tx2')).toMatchObject({ idTokenInfo: { status: 'ConcurrentTx' } });
    one?.calls('TransactionEvent', event('Ended'));
    expect(says(other, 'Started', 'tx2')).toMatchObject({ idTokenInfo: { status: 'Accepted' } });
  });
});

it('a station that is Pending says what it was asked for; a transaction of it is answered', () => {
  const pending = { status: 'Pending', interval: 30 } as const;
  const station = conversation({ policy: { registration: pending } });
  const boot = { reason: 'PowerUp', chargingStation: { model: 'M', vendorName: 'V' } };
  expect(station.calls('BootNotification', boot)).toEqual({ ...pending, currentTime: CURRENT });
  const report = { requestId: 1, generatedAt: CURRENT, seqNo: 0 };
  expect(station.calls('NotifyReport', report)).toBe('SecurityError');
  station.isAsked('GetBaseReport', { requestId: 1, reportBase: 'FullInventory' });
  expect(station.calls('NotifyReport', report)).toEqual({});
  expect(station.calls('TransactionEvent', event('Started', { idToken: TOKEN }))).toEqual({
    idTokenInfo: { status: 'Invalid' },
  });
  station.policy = {};
  expect(station.takes(call('BootNotification', boot))).toMatchObject({ accepts: true });
  expect(station.state.asked.size).toBe(0);
});
