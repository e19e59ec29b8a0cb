import { answer, NEW_STATION } from '@chargeproof/central-system';
import { ACTIONS_16, readFrame } from '@chargeproof/ocpp';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { schemas } from './central-system/rpc.ts';

/** What a station may begin. */
const ACTIONS = [...ACTIONS_16].flatMap(([action, goes]) => (goes === 'csms-to-station' ? [] : [action]));
const text = fc.string({ unit: 'binary' });
const anything = fc.oneof(text, fc.jsonValue());
/** Members that the answers look at, of the right type more often than not. */
const members = fc.record(
  {
    chargePointVendor: text,
    chargePointModel: text,
    connectorId: fc.oneof(fc.nat(3), fc.jsonValue()),
    csr: anything,
    errorCode: text,
    idTag: anything,
    meterStart: anything,
    status: anything,
    timestamp: anything,
    transactionId: anything,
    type: anything,
    vendorId: anything,
  },
  { requiredKeys: [] },
);

it('whatever a station says, a result is what the schema of its answer wants', () => {
  const { validate } = schemas();
  const results = new Map<string, number>();
  fc.assert(
    fc.property(fc.constantFrom(...ACTIONS), members, text, (action, payload, id) => {
      const bytes = Buffer.from(JSON.stringify([2, id, action, payload]));
      const { response = '[]' } = answer(NEW_STATION, readFrame(bytes, 'text'), {
        now: Date.UTC(2026, 0, 1) * 1000,
        takeTransactionId: () => 2 ** 31 - 1,
      });
      const [type, itsId, result] = JSON.parse(response) as [number, string, unknown];
      expect(itsId).toBe(id);
      if (type !== 3) return;
      validate(`urn:${action}.conf`, result);
      results.set(action, (results.get(action) ?? 0) + 1);
    }),
    { numRuns: 1000, seed: 4 },
  );
  expect([...results.keys()].toSorted()).toEqual(ACTIONS.toSorted());
});
