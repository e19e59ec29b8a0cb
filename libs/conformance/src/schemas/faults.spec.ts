import { ACTIONS_16 } from '@chargeproof/ocpp';
import { describe, expect, it } from 'vitest';
import { payloadFaults } from './faults.ts';

const faults = (action: string, payload: unknown) =>
  payloadFaults('ocpp1.6', action, 'call', payload)?.map(({ member, what }) => `${member} ${what}`);
const PROFILE = {
  chargingProfileId: 1,
  stackLevel: 0,
  chargingProfilePurpose: 'TxProfile',
  chargingProfileKind: 'Absolute',
  chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] },
};

describe('what is wrong with a payload', () => {
  it.each([
    ['Reset', {}, 'type is missing'],
    ['Reset', { type: 'Medium' }, 'type is one of Hard, Soft'],
    ['Reset', { type: 'Soft', now: true }, 'now is no member of it: there are type'],
    ['UnlockConnector', { connectorId: '1' }, 'connectorId is a whole number'],
    ['UnlockConnector', { connectorId: 0 }, 'connectorId is 1 or more'],
    ['UpdateFirmware', { location: 'x', retrieveDate: 'soon' }, 'retrieveDate is RFC 3339 with a zone'],
    ['RemoteStartTransaction', { idTag: 'x'.repeat(21) }, 'idTag has at most 20 characters'],
    [
      'SetChargingProfile',
      {
        connectorId: 1,
        csChargingProfiles: {
          ...PROFILE,
          chargingSchedule: {
            chargingRateUnit: 'A',
            chargingSchedulePeriod: [{ startPeriod: 0, limit: 16.15 }],
          },
        },
      },
      'csChargingProfiles.chargingSchedule.chargingSchedulePeriod.0.limit has at most one decimal',
    ],
    ['ClearCache', [], ' is an object'],
  ])('%s %j', (action, payload, said) => {
    expect(faults(action, payload)).toEqual([expect.stringContaining(said) as string]);
  });

  it('is nothing where it is right, though its times lie years ahead', () => {
    expect(faults('UpdateFirmware', { location: 'ftp://x/y', retrieveDate: '2040-01-01T00:00:00Z' })).toEqual(
      [],
    );
    expect(faults('SetChargingProfile', { connectorId: 1, csChargingProfiles: PROFILE })).toEqual([]);
  });

  it('can be told of every action that a central system begins', () => {
    for (const [action, goes] of ACTIONS_16)
      if (goes !== 'station-to-csms') expect(faults(action, {}), action).toBeDefined();
    expect(faults('Dance', {})).toBeUndefined();
  });
});
