import { describe, expect, it } from 'vitest';
import type { GatewaySettings } from '../settings.ts';
import { SETTINGS } from '../testing/recorder-under-test.ts';
import { leastProfile } from './security-profile.ts';

const KEYS = { credentials: 'stations' };
const TLS = { tlsCertificate: 'c', tlsKey: 'k' };
const CERTIFICATES = { ...TLS, tlsClientCa: 'a' };
const of = (settings: Partial<GatewaySettings>) => leastProfile({ ...SETTINGS, ...settings });

describe('the security profile', () => {
  it.each([
    [{}, 0],
    [TLS, 0],
    [KEYS, 1],
    [{ ...KEYS, ...TLS }, 2],
    [CERTIFICATES, 3],
    [{ ...KEYS, ...CERTIFICATES }, 2],
  ])('of %o alone is %d', (settings, profile) => {
    expect(of(settings)).toBe(profile);
  });

  it('may be asked to be less or more', () => {
    expect(of({ ...KEYS, ...TLS, securityProfile: 1 })).toBe(1);
    expect(of({ ...KEYS, ...CERTIFICATES, securityProfile: 3 })).toBe(3);
  });

  it.each([
    [{ securityProfile: 1 }, /PROFILE is 1, which needs CHARGEPROOF_GATEWAY_CREDENTIALS$/],
    [{ ...KEYS, securityProfile: 2 }, /PROFILE is 2, which needs CHARGEPROOF_GATEWAY_TLS_CERTIFICATE$/],
    [{ ...TLS, securityProfile: 3 }, /PROFILE is 3, which needs CHARGEPROOF_GATEWAY_TLS_CLIENT_CA$/],
    [{ ...KEYS, securityProfile: 0 }, /asks nothing of stations, and CHARGEPROOF_GATEWAY_CREDENTIALS is set/],
    [{ ...CERTIFICATES, securityProfile: 0 }, /CHARGEPROOF_GATEWAY_TLS_CLIENT_CA is set: keep one$/],
  ] as const)('of %o says what is wrong', (settings, message) => {
    expect(() => of(settings)).toThrow(message);
  });
});
