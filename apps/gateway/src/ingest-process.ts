import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import {
  type api,
  apiToken,
  type centralSystem,
  type data,
  dataLayout,
  type gateway,
  type kafka,
  kafkaConnection,
  type SettingsOf,
  variableName,
} from '@chargeproof/config';
import { readSealingRules } from '@chargeproof/keyring';
import type { Log } from '@chargeproof/log';
import { SpooledLog } from '@chargeproof/log-spool';
import { openSqliteLog } from '@chargeproof/log-sqlite';
import type { Running } from '@chargeproof/process';
import type { Logger } from 'pino';
import { readPolicies } from './central-system/file-policies.ts';
import { systemClock } from './clock.ts';
import { lockFolder, partsOfSharedLog } from './cluster/parts-of-shared-log.ts';
import { openSharedLog } from './cluster/shared-log.ts';
import { type FolderParts, partsOfOwnLog } from './folder-parts.ts';
import { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
import { LiveKeys } from './live-keys.ts';
import { startOwnerEndpoint } from './owner/owner-endpoint.ts';
import { beginRun } from './run/run.ts';
import { UnusableSetting } from './settings.ts';

export type IngestSettings = SettingsOf<{
  gateway: typeof gateway;
  centralSystem: typeof centralSystem;
  data: typeof data;
  kafka: typeof kafka;
  api: typeof api;
}>;

/**
 * The gateway with its log and the key file (DESIGN 7): the log it owns, or one on Kafka that others append to, too.
 * @throws LogOwned, LogFailed, KeyringUnusable; UnusableSetting naming the setting
 */
export async function startIngestProcess(settings: IngestSettings, logger: Logger): Promise<Running> {
  const { folder } = settings.data;
  const layout = dataLayout(folder);
  const isShared = settings.kafka.brokers.length > 0;
  const unlock = isShared ? lockFolder(folder, layout.gatewayLock) : () => undefined;
  const log = await openLog(settings, logger).catch((error: unknown) => {
    unlock();
    throw error;
  });
  try {
    const clock = systemClock();
    const run = beginRun(clock);
    const onTrouble = troubleTo(logger);
    const partsOf = isShared ? partsOfSharedLog : partsOfOwnLog;
    const parts = await partsOf({ layout, log, clock, run, onTrouble });
    const recorder = await startRecorder(
      settings,
      { log, sharesLog: isShared, clock, run, ...spoolOf(log), ...parts },
      logger,
    );
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
        const over = reason === 'SIGTERM' ? recorder.drain(reason) : recorder.stop(reason);
        await Promise.all([owner.stop(), over]);
        await log.close();
        unlock();
      },
      hurry: () => {
        recorder.stop().catch(() => undefined);
      },
    };
  } catch (error) {
    await log.close();
    unlock();
    throw error;
  }
}

function openLog({ data, kafka }: IngestSettings, logger: Logger): Promise<Log> {
  if (kafka.brokers.length === 0) return openSqliteLog({ folder: dataLayout(data.folder).log });
  const onTrouble = (line: string) => {
    logger.warn(line);
  };
  return openSharedLog({ data, kafka }, { ...kafkaConnection(kafka), onTrouble }, logger);
}

const spoolOf = (log: Log) => (log instanceof SpooledLog ? { spool: log } : {});

async function startRecorder(
  { gateway, centralSystem, api, data }: IngestSettings,
  { keys, ...parts }: FolderParts & Pick<GatewayOptions, 'log' | 'sharesLog' | 'clock' | 'run' | 'spool'>,
  logger: Logger,
): Promise<Gateway> {
  const live = liveKeys(data, keys, logger);
  const recorder = await createGateway({
    ...parts,
    settings: gateway,
    policies: readPolicies(centralSystem, troubleTo(logger)),
    policyFile: dataLayout(data.folder).policy,
    readConfiguration: centralSystem.readConfiguration,
    sealer: live.sealer,
    unseal: live.unseal,
    onTrouble: troubleTo(logger),
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

const liveKeys = (data: IngestSettings['data'], keys: FolderParts['keys'], logger: Logger) =>
  new LiveKeys({
    folder: dataLayout(data.folder).keys,
    keys,
    rules: readSealingRules(data.sealingRules, variableName('data', 'sealingRules')),
    onChange: ({ current }) => {
      logger.info({ key: current }, 'the key file was read anew');
    },
    onTrouble: troubleTo(logger),
  });

const troubleTo = (logger: Logger) => (error: Error) => {
  logger.error(error.message);
};

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

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}
