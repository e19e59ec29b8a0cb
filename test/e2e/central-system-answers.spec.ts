import {
  answer,
  type AnsweredProtocol,
  dialectOf,
  NEW_STATION,
  OPEN_POLICY,
  readIdTagPolicy,
  type StationPolicy,
} from '@chargeproof/central-system';
import { ACTIONS_16, readFrame } from '@chargeproof/ocpp';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { schemas } from './central-system/rpc.ts';

/** What a station may begin. */
const ACTIONS: Readonly<Record<AnsweredProtocol, readonly string[]>> = {
  'ocpp1.6': [...ACTIONS_16].flatMap(([action, goes]) => (goes === 'csms-to-station' ? [] : [action])),
  'ocpp2.0.1': [
    'Authorize',
    'BootNotification',
    'DataTransfer',
    'FirmwareStatusNotification',
    'Heartbeat',
    'LogStatusNotification',
    'MeterValues',
    'NotifyEvent',
    'NotifyReport',
    'SecurityEventNotification',
    'StatusNotification',
    'TransactionEvent',
  ],
};
const text = fc.string({ unit: 'binary' });
const anything = fc.oneof(text, fc.jsonValue());
const tag = fc.oneof(fc.constantFrom('KNOWN', 'blocked', 'OVER'), anything);
const token = fc.oneof(
  fc.record({ idToken: tag, type: fc.constantFrom('ISO14443', 'Central', 'NoAuthorization') }),
  anything,
);
/** Members that the answers look at, of the right type more often than not. */
const members = fc.record(
  {
    chargePointVendor: text,
    chargePointModel: text,
    chargingStation: fc.oneof(fc.constant({ model: 'M', vendorName: 'V' }), fc.jsonValue()),
    connectorId: fc.oneof(fc.nat(3), fc.jsonValue()),
    connectorStatus: text,
    csr: anything,
    errorCode: text,
    eventData: fc.oneof(fc.constant([]), fc.jsonValue()),
    eventType: fc.oneof(fc.constantFrom('Started', 'Updated', 'Ended'), fc.jsonValue()),
    evseId: fc.oneof(fc.nat(3), fc.jsonValue()),
    idTag: tag,
    idToken: token,
    meterStart: anything,
    reason: text,
    requestId: fc.oneof(fc.nat(3), fc.jsonValue()),
    status: anything,
    timestamp: anything,
    transactionId: anything,
    transactionInfo: fc.oneof(fc.record({ transactionId: text }), fc.jsonValue()),
    type: anything,
    vendorId: anything,
  },
  { requiredKeys: [] },
);

const IN_FORCE = readIdTagPolicy(
  {
    idTags: {
      KNOWN: { expiryDate: '2027-01-01T00:00:00+01:00', parentIdTag: 'PARENT' },
      BLOCKED: 'Blocked',
      OVER: { expiryDate: '2025-01-01T00:00:00Z' },
    },
  },
  'default',
).tenants.get('default');
const policies: fc.Arbitrary<StationPolicy> = fc
  .tuple(fc.constantFrom('Accepted', 'Pending', 'Rejected'), fc.boolean(), fc.boolean())
  .map(([status, isListed, isInUse]) => ({
    registration: { status: status as 'Accepted', interval: 60 },
    idTags: (isListed ? IN_FORCE : undefined) ?? OPEN_POLICY.idTags,
    isInUse: () => isInUse,
  }));

it.each(['ocpp1.6', 'ocpp2.0.1'] as const)(
  'whatever a station of %s says, a result is what the schema of its answer wants',
  (protocol) => {
    const { validate } = schemas(protocol);
    const results = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.constantFrom(...ACTIONS[protocol]),
        members,
        text,
        policies,
        (action, payload, id, policy) => {
          const bytes = Buffer.from(JSON.stringify([2, id, action, payload]));
          const { response = '[]' } = answer(dialectOf(protocol), NEW_STATION, readFrame(bytes, 'text'), {
            now: Date.UTC(2026, 0, 1) * 1000,
            takeTransactionId: () => 2 ** 31 - 1,
            policy,
          });
          const [type, itsId, result] = JSON.parse(response) as [number, string, unknown];
          expect(itsId).toBe(id);
          if (type !== 3) return;
          validate(`urn:${action}.conf`, result);
          results.set(action, (results.get(action) ?? 0) + 1);
        },
      ),
      { numRuns: 1500, seed: 4 },
    );
    expect([...results.keys()].toSorted()).toEqual(ACTIONS[protocol].toSorted());
  },
);
