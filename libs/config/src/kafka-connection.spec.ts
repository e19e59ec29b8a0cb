import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kafkaConnection } from './kafka-connection.ts';
import { kafka } from './kafka.ts';
import { readSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-kafka-settings-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const connection = (given: Readonly<Record<string, string>>) => {
  const environment = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [`CHARGEPROOF_KAFKA_${name}`, value]),
  );
  return kafkaConnection(readSettings(environment, { kafka }).kafka);
};
const USER = { SASL_MECHANISM: 'plain', SASL_USERNAME: 'me' };

describe('how the brokers are reached', () => {
  it('is without TLS and without a name where nothing is said', () => {
    expect(Object.keys(connection({ BROKERS: 'kafka:9092' }))).toEqual(
      expect.not.arrayContaining(['tls', 'sasl']),
    );
  });

  it('takes a password from a file, without the end of its line and with all else', () => {
    const password = file('password', ' pass word \n');
    expect(connection({ ...USER, SASL_PASSWORD_FILE: password }).sasl).toEqual({
      ...{ mechanism: 'plain', username: 'me', password: ' pass word ' },
    });
  });

  it.each([
    [{ TLS_CA: 'ca.pem' }, /^CHARGEPROOF_KAFKA_TLS_CA is set and CHARGEPROOF_KAFKA_TLS is not/],
    [{ TLS: 'true', TLS_CA: '/nowhere' }, /^CHARGEPROOF_KAFKA_TLS_CA: \/nowhere cannot be read \(ENOENT\)$/],
    [
      { TLS: 'true', TLS_CA: file('no.pem', 'no') },
      /^CHARGEPROOF_KAFKA_TLS_CA: \S+no.pem holds no certificate in PEM$/,
    ],
    [
      { TLS: 'true', TLS_KEY: 'k' },
      /^CHARGEPROOF_KAFKA_TLS_KEY is set without CHARGEPROOF_KAFKA_TLS_CERTIFICATE$/,
    ],
    [{ TLS: 'true', TLS_CERTIFICATE: 'c' }, /^CHARGEPROOF_KAFKA_TLS_CERTIFICATE is set without \S+_TLS_KEY$/],
    [{ SASL_USERNAME: 'me' }, /^CHARGEPROOF_KAFKA_SASL_USERNAME is set without \S+_SASL_MECHANISM$/],
    [{ SASL_MECHANISM: 'plain' }, /^CHARGEPROOF_KAFKA_SASL_MECHANISM is set without \S+_SASL_USERNAME$/],
    [USER, /^CHARGEPROOF_KAFKA_SASL_MECHANISM is set without \S+_SASL_PASSWORD or \S+_FILE$/],
    [{ ...USER, SASL_PASSWORD: 'p', SASL_PASSWORD_FILE: 'f' }, /_PASSWORD_FILE are both set: keep one$/],
    [
      { ...USER, SASL_PASSWORD_FILE: file('empty', '\n') },
      /^CHARGEPROOF_KAFKA_SASL_PASSWORD_FILE: \S+ is empty$/,
    ],
    [{ SASL_MECHANISM: 'gssapi' }, /CHARGEPROOF_KAFKA_SASL_MECHANISM: .*plain/],
  ])('%j is refused in a line that names the setting', (given, line) => {
    expect(() => connection(given)).toThrow(line);
  });
});
