import { describe, expect, it } from 'vitest';
import { call, Conversation, CURRENT, NOW, START } from '../testing/conversation.ts';
import { listOf, readIdTagPolicy } from './id-tags.ts';
import { OpenTags } from './open-tags.ts';
import { readRegistrationPolicy } from './registration.ts';

const TENANT = 'default';
const HOUR = 3_600_000_000;

describe('a file of tags', () => {
  const policy = readIdTagPolicy(
    {
      others: 'invalid',
      idTags: {
        Plain: 'Accepted',
        BLOCKED: 'blocked',
        Short: { expiryDate: '2026-01-02T05:04:05+01:00', parentIdTag: 'GROUP' },
        Fleet: { concurrentTransactions: true },
      },
      tenants: { acme: { others: 'Accepted', idTags: { Plain: 'Blocked' } } },
    },
    TENANT,
  );
  const idTags = listOf(policy, TENANT);
  const status = (station: Conversation, idTag: string) =>
    station.calls('Authorize', { idTag }) as { idTagInfo: { status: string } };

  it('says what a tag is, in any case of letters, and what any other is', () => {
    const station = new Conversation({ policy: { idTags } });
    expect(status(station, 'PLAIN')).toEqual({ idTagInfo: { status: 'Accepted' } });
    expect(status(station, 'blocked')).toEqual({ idTagInfo: { status: 'Blocked' } });
    expect(status(station, 'other')).toEqual({ idTagInfo: { status: 'Invalid' } });
    expect(status(station, '')).toEqual({ idTagInfo: { status: 'Invalid' } });
  });

  it('says when a tag ends; then it is expired, and at a stop too', () => {
    const station = new Conversation({ policy: { idTags } });
    const info = { expiryDate: '2026-01-02T04:04:05.000Z', parentIdTag: 'GROUP' };
    expect(status(station, 'SHORT')).toEqual({ idTagInfo: { status: 'Accepted', ...info } });
    station.now = NOW + HOUR;
    expect(status(station, 'SHORT')).toEqual({ idTagInfo: { status: 'Expired', ...info } });
    expect(station.calls('StopTransaction', { transactionId: 1, idTag: 'short' })).toEqual({
      idTagInfo: { status: 'Expired', ...info },
    });
  });

  it('is of a tenant; one without a list has what the file says of others', () => {
    const of = (tenant: string) => new Conversation({ policy: { idTags: listOf(policy, tenant) } });
    expect(status(of('acme'), 'plain').idTagInfo.status).toBe('Blocked');
    expect(status(of('acme'), 'other').idTagInfo.status).toBe('Accepted');
    expect(status(of('elsewhere'), 'plain').idTagInfo.status).toBe('Invalid');
  });

  it.each([
    [[], 'the file is no JSON object'],
    [{ tags: {} }, 'the file has members others, idTags, tenants and no others'],
    [{ others: 'Maybe' }, 'others is one of Accepted, Blocked, Expired, Invalid'],
    [{ idTags: [] }, 'idTags is no JSON object'],
    [{ idTags: { SECRET: 'no' } }, 'entry 1 of idTags is one of Accepted, Blocked, Expired, Invalid'],
    [{ idTags: { SECRET: 7 } }, 'entry 1 of idTags is no JSON object'],
    [{ idTags: { A: 'Accepted', a: 'Blocked' } }, 'entry 2 of idTags is there twice'],
    [{ idTags: { SECRET: { expiryDate: '2026-01-02' } } }, 'entry 1 of idTags: expiryDate is a time'],
    [{ idTags: { SECRET: { parentIdTag: 7 } } }, 'entry 1 of idTags: parentIdTag has up to 36'],
    [{ idTags: { SECRET: { concurrentTransactions: 1 } } }, 'concurrentTransactions is true or false'],
    [{ idTags: { ['S'.repeat(37)]: 'Accepted' } }, 'a tag has 1 to 36 characters'],
    [{ tenants: { acme: 'SECRET' } }, 'tenants."acme" is no JSON object'],
  ])('that is %j cannot be used: %s', (json, fault) => {
    const read = () => readIdTagPolicy(json, TENANT);
    expect(read).toThrow(fault);
    expect(read).not.toThrow('SECRET');
  });

  describe('lets a tag charge at one place', () => {
    const two = () => {
      const openTags = new OpenTags();
      return ['A', 'B'].map((station) => new Conversation({ policy: { idTags }, station, openTags }));
    };
    const starts = (station: Conversation | undefined, more: object) =>
      (
        station?.calls('StartTransaction', { ...START, ...more }) as {
          idTagInfo: { status: string };
        }
      ).idTagInfo.status;

    it('until its transaction stops, and its start may be sent again', () => {
      const [one, other] = two();
      expect(starts(one, { idTag: 'plain' })).toBe('Accepted');
      expect(starts(one, { idTag: 'plain' })).toBe('Accepted');
      expect(starts(one, { idTag: 'PLAIN', connectorId: 2 })).toBe('ConcurrentTx');
      expect(starts(other, { idTag: 'plain' })).toBe('ConcurrentTx');
      expect(status(other ?? new Conversation(), 'plain').idTagInfo.status).toBe('Accepted');
      one?.calls('StopTransaction', { transactionId: 1 });
      expect(starts(other, { idTag: 'plain', meterStart: 1 })).toBe('Accepted');
    });

    it('where its connector has begun another, or a day after, it is free again', () => {
      const [one, other] = two();
      expect(starts(one, { idTag: 'plain' })).toBe('Accepted');
      expect(starts(one, { idTag: 'fleet' })).toBe('Accepted');
      expect(starts(one, { idTag: 'plain', connectorId: 2 })).toBe('Accepted');
      expect(starts(other, { idTag: 'plain' })).toBe('ConcurrentTx');
      if (other !== undefined) other.now = NOW + 25 * HOUR;
      expect(starts(other, { idTag: 'plain', meterStart: 2 })).toBe('Accepted');
    });

    it('unless its entry says otherwise, or it has none', () => {
      const [one, other] = two();
      expect([starts(one, { idTag: 'fleet' }), starts(other, { idTag: 'fleet' })]).toEqual([
        'Accepted',
        'Accepted',
      ]);
      const open = new Conversation();
      expect([starts(open, {}), starts(open, { connectorId: 2 })]).toEqual(['Accepted', 'Accepted']);
    });
  });
});

describe('a file of stations', () => {
  const BOOT = { chargePointVendor: 'V', chargePointModel: 'M' };
  const STATUS = { connectorId: 1, errorCode: 'NoError', status: 'Available' };

  it('says who is registered, and when the others may ask again', () => {
    const policy = readRegistrationPolicy({
      others: 'pending',
      stations: { 'CP-1': 'accepted', 'acme/CP-2': { status: 'Rejected', interval: 600 } },
    });
    expect(policy).toEqual({
      others: { status: 'Pending', interval: 60 },
      stations: new Map([
        ['default/CP-1', { status: 'Accepted', interval: 300 }],
        ['acme/CP-2', { status: 'Rejected', interval: 600 }],
      ]),
    });
    expect(readRegistrationPolicy({}).others.status).toBe('Accepted');
  });

  it.each([
    [7, 'the file is no JSON object'],
    [{ stations: [] }, 'stations is no JSON object'],
    [{ stations: { 'a/b/c': 'Accepted' } }, 'stations names "a/b/c", which is no [tenant/]station'],
    [{ default: 'Accepted' }, 'the file has members others, stations and no others'],
    [{ others: 'no' }, 'others is one of Accepted, Pending, Rejected'],
    [{ stations: { 'CP-1': { status: 'Accepted', interval: 0 } } }, '"CP-1".interval takes seconds from 1'],
    [{ stations: { 'CP-1': { interval: 5 } } }, '"CP-1".status is one of'],
  ])('that is %j cannot be used: %s', (json, fault) => {
    expect(() => readRegistrationPolicy(json)).toThrow(fault);
  });

  it('that rejects a station hears its boot and its transactions, and nothing else', () => {
    const registration = { status: 'Rejected', interval: 90 } as const;
    const station = new Conversation({ policy: { registration } });
    expect(station.calls('BootNotification', BOOT)).toEqual({ ...registration, currentTime: CURRENT });
    expect(station.says(call('StatusNotification', STATUS))).toEqual([
      4,
      'm',
      'SecurityError',
      expect.stringContaining('Rejected'),
      {},
    ]);
    expect(station.calls('Heartbeat', {})).toBe('SecurityError');
    expect(station.calls('StartTransaction', START)).toEqual({
      transactionId: 1,
      idTagInfo: { status: 'Invalid' },
    });
    expect(station.calls('MeterValues', { connectorId: 1, meterValue: [] })).toEqual({});
    expect(station.calls('StopTransaction', { transactionId: 1 })).toEqual({});
    expect(station.calls('Dance', {})).toBe('NotImplemented');
  });

  it.each([
    ['TriggerMessage', { requestedMessage: 'StatusNotification' }, 'StatusNotification', STATUS],
    [
      'ExtendedTriggerMessage',
      { requestedMessage: 'SignChargePointCertificate' },
      'SignCertificate',
      { csr: 'x' },
    ],
    [
      'ExtendedTriggerMessage',
      { requestedMessage: 'FirmwareStatusNotification' },
      'SignedFirmwareStatusNotification',
      { status: 'Idle' },
    ],
    ['GetLog', {}, 'LogStatusNotification', { status: 'Idle' }],
  ])('that lets one wait hears what %s %j brings', (asks, payload, action, told) => {
    const registration = { status: 'Pending', interval: 90 } as const;
    const station = new Conversation({ policy: { registration } });
    expect(station.calls('BootNotification', BOOT)).toMatchObject(registration);
    expect(station.calls(action, told)).toBe('SecurityError');
    station.isAsked('GetConfiguration', {});
    station.isAsked(asks, payload);
    expect(station.calls(action, told)).not.toBe('SecurityError');
    expect(station.calls('Heartbeat', {})).toBe('SecurityError');
  });
});
