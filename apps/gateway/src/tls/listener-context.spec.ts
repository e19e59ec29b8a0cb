import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SETTINGS } from '../testing/recorder-under-test.ts';
import { listenerContext } from './listener-context.ts';

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-listener-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KEY = file('key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const DAMAGED = file('damaged', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');

describe('the files of TLS', () => {
  it('are none where none is named', () => {
    expect(listenerContext(SETTINGS, () => undefined)).toBeUndefined();
  });

  it.each([
    [
      { tlsCertificate: KEY },
      /^CHARGEPROOF_GATEWAY_TLS_CERTIFICATE is set, and TLS needs both [^\n]*_TLS_KEY$/,
    ],
    [{ tlsClientCa: KEY }, /^CHARGEPROOF_GATEWAY_TLS_CLIENT_CA is set, and TLS needs both/],
    [{ tlsCertificate: 'nowhere', tlsKey: KEY }, /_TLS_CERTIFICATE: nowhere cannot be read \(ENOENT\)$/],
    [{ tlsCertificate: KEY, tlsKey: KEY }, /_TLS_CERTIFICATE: \S+key holds no certificate in PEM$/],
    [{ tlsCertificate: DAMAGED, tlsKey: KEY }, /_TLS_CERTIFICATE: \S+damaged holds a damaged certificate$/],
  ])('%o say in one line what is wrong', (settings, message) => {
    expect(() => listenerContext({ ...SETTINGS, ...settings }, () => undefined)).toThrow(message);
  });
});
