import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { kafka, SASL_MECHANISMS } from './kafka.ts';
import { readSettingFile } from './setting-file.ts';
import { type SettingsOf, variableName } from './settings.ts';

type Kafka = SettingsOf<{ kafka: typeof kafka }>['kafka'];
type Files = { readonly ca?: string; readonly cert?: string; readonly key?: string };

/** How the brokers are reached: what the settings say, with the files that they name read. */
export type KafkaConnection = Pick<Kafka, 'brokers' | 'clientId' | 'topicPrefix' | 'replication'> & {
  readonly tls?: Files;
  readonly sasl?: {
    readonly mechanism: (typeof SASL_MECHANISMS)[number];
    readonly username: string;
    readonly password: string;
  };
  /** Of each thing that brokers find wrong with us, or we with them: the settings to look at. */
  readonly remedies: typeof REMEDIES;
};

const name = (member: keyof Kafka) => variableName('kafka', member);

const REMEDIES = {
  credentials: `look at ${name('saslUsername')} and ${name('saslPassword')}`,
  mechanism: `set ${name('saslMechanism')} to one that they take`,
  authority: `set ${name('tlsCa')} to the file of the authority that signs their certificates`,
  identity: `name them in ${name('brokers')} as their certificates do`,
  certificate: `look at ${name('tlsCertificate')} and ${name('tlsKey')}`,
  speech: `look at ${name('tls')} and ${name('saslMechanism')}: is this what that port speaks?`,
} as const;

/** @throws Error in one line that names the setting: a file cannot be used, or settings do not go together */
export function kafkaConnection(settings: Kafka): KafkaConnection {
  const { brokers, clientId, topicPrefix, replication } = settings;
  const tls = tlsOf(settings);
  const sasl = saslOf(settings);
  return {
    ...{ brokers, clientId, topicPrefix, replication, remedies: REMEDIES },
    ...(tls && { tls }),
    ...(sasl && { sasl }),
  };
}

function tlsOf({ tls, tlsCa, tlsCertificate, tlsKey }: Kafka): Files | undefined {
  const members = { tlsCa, tlsCertificate, tlsKey };
  if (!tls) {
    refuseAny(members, `is set and ${name('tls')} is not: set that to true`);
    return undefined;
  }
  if (tlsCertificate === undefined) refuseAny({ tlsKey }, `is set without ${name('tlsCertificate')}`);
  if (tlsKey === undefined) refuseAny({ tlsCertificate }, `is set without ${name('tlsKey')}`);
  const ca = certificateIn('tlsCa', tlsCa);
  const cert = certificateIn('tlsCertificate', tlsCertificate);
  const key = tlsKey === undefined ? undefined : readSettingFile(tlsKey, name('tlsKey'));
  if (cert !== undefined && key !== undefined && !fits(cert, key))
    throw new Error(
      `${name('tlsKey')}: ${String(tlsKey)} holds no PEM key of the certificate in ${String(tlsCertificate)}`,
    );
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key && { key }) };
}

function saslOf(settings: Kafka): KafkaConnection['sasl'] {
  const { saslMechanism: mechanism, saslUsername: username, saslPassword, saslPasswordFile: file } = settings;
  if (mechanism === undefined) {
    refuseAny(
      { saslUsername: username, saslPassword, saslPasswordFile: file },
      `is set without ${name('saslMechanism')}`,
    );
    return undefined;
  }
  if (username === undefined)
    throw new Error(`${name('saslMechanism')} is set without ${name('saslUsername')}`);
  if (saslPassword !== undefined && file !== undefined)
    throw new Error(`${name('saslPassword')} and ${name('saslPasswordFile')} are both set: keep one`);
  const password = file === undefined ? saslPassword : passwordIn(file);
  if (password === undefined)
    throw new Error(
      `${name('saslMechanism')} is set without ${name('saslPassword')} or ${name('saslPasswordFile')}`,
    );
  return { mechanism, username, password };
}

function refuseAny(members: Partial<Record<keyof Kafka, string | undefined>>, why: string): void {
  for (const [member, value] of Object.entries(members))
    if (value !== undefined) throw new Error(`${name(member as keyof Kafka)} ${why}`);
}

/** Without the end of its line, which an editor puts there. */
function passwordIn(file: string): string {
  const password = readSettingFile(file, name('saslPasswordFile')).replace(/\r?\n$/, '');
  if (password === '') throw new Error(`${name('saslPasswordFile')}: ${file} is empty`);
  return password;
}

function certificateIn(member: 'tlsCa' | 'tlsCertificate', file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const text = readSettingFile(file, name(member));
  try {
    new X509Certificate(text);
    return text;
  } catch {
    throw new Error(`${name(member)}: ${file} holds no certificate in PEM`);
  }
}

function fits(cert: string, key: string): boolean {
  try {
    createSecureContext({ cert, key });
    return true;
  } catch {
    return false;
  }
}
