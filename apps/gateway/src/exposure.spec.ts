import { describe, expect, it } from 'vitest';
import { checkExposure } from './exposure.ts';
import { SETTINGS } from './testing/recorder-under-test.ts';

const check = (host: string, open: boolean, credentials?: string) =>
  checkExposure({ ...SETTINGS, host, open, credentials });

describe('exposure', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('to %s is nobody else', (host) => {
    expect(check(host, false)).toBeUndefined();
  });

  it.each(['0.0.0.0', '::', '192.168.1.2', 'recorder.example', '::ffff:10.0.0.1'])(
    'to %s needs to be meant, and is warned about',
    (host) => {
      expect(() => check(host, false)).toThrow(
        /^CHARGEPROOF_GATEWAY_HOST is \S+, which[^\n]*CHARGEPROOF_GATEWAY_CREDENTIALS[^\n]*CHARGEPROOF_GATEWAY_OPEN=true[^\n]*$/,
      );
      expect(check(host, false, 'stations')).toMatch(/without TLS/);
      expect(check(host, true)).toMatch(/^open to everybody/);
    },
  );

  it('is meant, and no reason to warn, where stations show keys over TLS or certificates', () => {
    const tls = { ...SETTINGS, host: '0.0.0.0', tlsCertificate: 'c', tlsKey: 'k' };
    expect(checkExposure({ ...tls, credentials: 'stations' })).toBeUndefined();
    expect(checkExposure({ ...tls, tlsClientCa: 'a' })).toBeUndefined();
    expect(checkExposure({ ...tls, credentials: 'stations', securityProfile: 1 })).toMatch(/without TLS/);
    expect(() => checkExposure(tls)).toThrow(/^CHARGEPROOF_GATEWAY_HOST is/);
  });
});
