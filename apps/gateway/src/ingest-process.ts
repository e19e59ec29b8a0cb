import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import {
  type api,
  apiToken,
  type data,
  dataLayout,
  type gateway,
  type kafka,
  kafkaConnection,
  type SettingsOf,
  variableName,
} from '@chargeproof/config';
import { openKeyring, readKeyring } from '@chargeproof/keyring';
import type { Log, LogReader } from '@chargeproof/log';
import { openKafkaLog } from '@chargeproof/log-kafka';
import { openSqliteLog } from '@chargeproof/log-sqlite';
import type { Running } from '@chargeproof/process';
import { createSealer, type SealingKeys, unseal } from '@chargeproof/record';
import type { Logger } from 'pino';
import { TransactionIdFile } from './central-system/transaction-id-file.ts';
import { systemClock } from './clock.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { startOwnerEndpoint } from './owner/owner-endpoint.ts';
import { UnusableSetting } from './settings.ts';

export type IngestSettings = SettingsOf<{
  gateway: typeof gateway;
  data: typeof data;
  kafka: typeof kafka;
  api: typeof api;
}>;

/**
 * The gateway with its log and the key file (DESIGN 7): the log it owns, or one on Kafka that others append to, too.
 * @throws LogOwned, LogFailed, KeyringUnusable; UnusableSetting naming the setting
 */
export async function startIngestProcess(settings: IngestSettings, logger: Logger): Promise<Running> {
  const layout = dataLayout(settings.data.folder);
  const log = await openLog(settings, logger);
  try {
    const recorder = await startRecorder(settings, log, await keysFor(log, layout.keys), logger);
    const owner = await startOwnerEndpoint({ folder: settings.data.folder, log }).catch(
      async (error: unknown) => {
        await recorder.stop('cannot-listen');
        throw error;
      },
    );
    const { scheme, host, port } = recorder.address;
    return {
      ready: { address: `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}`, run: recorder.run },
      failed: recorder.failed.then(async (error) => {
        await recorder.stop('log-failed');
        throw error;
      }),
      stop: async (reason) => {
        await owner.stop();
        await recorder.stop(reason);
        await log.close();
      },
    };
  } catch (error) {
    await log.close();
    throw error;
  }
}

function openLog({ data, kafka }: IngestSettings, logger: Logger): Promise<Log> {
  if (kafka.brokers.length === 0) return openSqliteLog({ folder: dataLayout(data.folder).log });
  const onTrouble = (line: string) => {
    logger.warn(line);
  };
  return openKafkaLog({ ...kafkaConnection(kafka), onTrouble });
}

async function startRecorder(
  { gateway, data, api }: IngestSettings,
  log: Log,
  keys: SealingKeys,
  logger: Logger,
): Promise<Gateway> {
  const clock = systemClock();
  const onTrouble = (error: Error) => {
    logger.error(error.message);
  };
  const recorder = await createGateway({
    settings: gateway,
    log,
    sealer: createSealer(keys),
    unseal: (value, sealed) => unseal(value, sealed, keys),
    clock,
    transactionIds: new TransactionIdFile({
      file: dataLayout(data.folder).transactionIds,
      wall: () => clock.wall(),
      onFailure: onTrouble,
    }),
    onTrouble,
    token: apiToken(api),
    software: `chargeproof ${version()}`,
    onBug: (error) => {
      logger.error({ err: error }, 'a connection met a mistake of ours');
    },
  }).catch((error: unknown) => {
    throw cannotListen(error, gateway) ?? error;
  });
  for (const warning of recorder.warnings) logger.warn(warning);
  return recorder;
}

/** What the system says of an address that it does not give, and the setting that takes another. */
function cannotListen(error: unknown, { host, port }: IngestSettings['gateway']): Error | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const what: Partial<Record<string, string>> = {
    EADDRINUSE: `port ${port} of ${host} is in use: set ${variableName('gateway', 'port')} to another`,
    EACCES: `port ${port} may not be had: set ${variableName('gateway', 'port')} to one above 1023`,
    EADDRNOTAVAIL: `${host} is no address of this machine: set ${variableName('gateway', 'host')} to one, or to 0.0.0.0`,
    ENOTFOUND: `${host} is the name of no address: set ${variableName('gateway', 'host')} to one of this machine, or to 0.0.0.0`,
  };
  const message = what[code];
  return message === undefined ? undefined : new UnusableSetting(message);
}

/** A log that holds records has a key file; a new one would open nothing of it. */
async function keysFor(log: LogReader, folder: string): Promise<SealingKeys> {
  const ends = await log.end('ocpp.frames');
  const isEmpty = [...ends.values()].every((end) => end === 0);
  return isEmpty ? openKeyring(folder) : readKeyring(folder);
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}
