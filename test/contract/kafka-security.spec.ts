import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafka, kafkaConnection, readSettings, variableName } from '@chargeproof/config';
import { sampleRecord } from '@chargeproof/log/testing';
import { openKafkaLog } from '@chargeproof/log-kafka';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeAuthority } from '../fixtures/certificates.ts';
import { offerSecuredKafka, type SecuredKafkaBroker } from '../fixtures/kafka-broker.ts';
import { USER } from '../fixtures/kafka-security.ts';

type Given = Partial<Record<keyof typeof kafka.schema.shape, string>>;

const offer = offerSecuredKafka();
if ('missing' in offer) it.skip(`brokers that ask who comes (${offer.missing})`, () => undefined);
else {
  let broker: SecuredKafkaBroker;
  let folder: string;
  let right: Given;
  beforeAll(async () => {
    broker = await offer.start();
    folder = mkdtempSync(join(tmpdir(), 'chargeproof-security-'));
    right = {
      brokers: broker.secured.broker,
      tls: 'true',
      tlsCa: broker.secured.ca,
      saslMechanism: 'scram-sha-512',
      saslUsername: USER.name,
      saslPassword: USER.password,
    };
  });
  afterAll(async () => {
    await broker.stop();
    rmSync(folder, { recursive: true });
  });

  const said: string[] = [];
  /** With these settings in place of the right ones; an empty one is absent. */
  const open = (more: Given) => {
    const given = Object.entries<string | undefined>({ ...right, ...more });
    const environment = Object.fromEntries(
      given.map(([member, value]) => [variableName('kafka', member), value ?? '']),
    );
    const connection = kafkaConnection(readSettings(environment, { kafka }).kafka);
    return openKafkaLog({ ...connection, onTrouble: (line) => said.push(line) });
  };
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  describe('brokers that ask who comes', () => {
    it.each(['plain', 'scram-sha-256', 'scram-sha-512'])('let us in by %s', async (saslMechanism) => {
      await (await open({ saslMechanism })).close();
    });

    it('take, give and follow records, with the password from a file and a certificate of ours', async () => {
      const { certificate: tlsCertificate, key: tlsKey } = broker.secured;
      const log = await open({
        ...{ tlsCertificate, tlsKey, topicPrefix: 'followed.', saslPassword: '' },
        saslPasswordFile: file('password', `${USER.password}\n`),
      });
      const came: string[] = [];
      const all = {
        topic: 'ocpp.frames',
        from: new Map<number, number>(),
        maxRecords: 10,
        maxBytes: 1e6,
      } as const;
      const following = log.subscribe(all, (batch) => {
        came.push(...batch.map(({ attributes }) => attributes.id));
        return Promise.resolve();
      });
      const record = sampleRecord('CP-1', 0);
      await log.append('ocpp.frames', [record]);
      expect(await log.read(all)).toHaveLength(1);
      await vi.waitFor(
        () => {
          expect(came).toEqual([record.attributes.id]);
        },
        { timeout: 60_000 },
      );
      await following.close();
      await log.close();
    });

    const plainDoor = () => broker.brokers[0] ?? '';
    const otherAuthority = () => file('other.pem', makeAuthority('another').certificate);
    it.each<[string, () => Given, RegExp]>([
      [
        'a wrong password',
        () => ({ saslPassword: 'wrong' }),
        /credentials.*; look at CHARGEPROOF_KAFKA_SASL_USERNAME and CHARGEPROOF_KAFKA_SASL_PASSWORD$/,
      ],
      [
        'an unknown user, by plain',
        () => ({ saslUsername: 'nobody', saslMechanism: 'plain' }),
        /Invalid username or password; look at CHARGEPROOF_KAFKA_SASL_USERNAME/,
      ],
      [
        'an authority of others',
        () => ({ tlsCa: otherAuthority() }),
        /set CHARGEPROOF_KAFKA_TLS_CA to the file/,
      ],
      ['no authority', () => ({ tlsCa: '' }), /set CHARGEPROOF_KAFKA_TLS_CA to the file/],
      [
        'a name that is not in the certificate',
        () => ({ brokers: broker.secured.broker.replace('127.0.0.1', 'localhost') }),
        /name them in CHARGEPROOF_KAFKA_BROKERS as their certificates do$/,
      ],
      ['no TLS', () => ({ tls: '', tlsCa: '' }), /look at CHARGEPROOF_KAFKA_TLS and/],
      [
        'no word of who we are',
        () => ({ saslMechanism: '', saslUsername: '', saslPassword: '' }),
        /look at .* and CHARGEPROOF_KAFKA_SASL_MECHANISM/,
      ],
      ['TLS where none is spoken', () => ({ brokers: plainDoor() }), /look at CHARGEPROOF_KAFKA_TLS and/],
      [
        'a user where nobody asks for one',
        () => ({ brokers: plainDoor(), tls: '', tlsCa: '' }),
        /look at .* and CHARGEPROOF_KAFKA_SASL_MECHANISM/,
      ],
    ])('%s is told in one line that names the setting', async (_, more, line) => {
      said.length = 0;
      const refusal: unknown = await open(more()).catch((error: unknown) => error);
      expect(String(refusal)).toMatch(/^LogFailed: no log on [^\n]+$/);
      expect(String(refusal)).toMatch(line);
      expect(String(refusal)).not.toContain(USER.password);
      expect(said).toEqual([]);
    });
  });
}
