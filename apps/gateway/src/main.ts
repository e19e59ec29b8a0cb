import { readFileSync } from 'node:fs';
import { data, dataLayout, gateway, runtime, settingsOrExit, variableName } from '@chargeproof/config';
import { openKeyring, readKeyring } from '@chargeproof/keyring';
import type { LogReader } from '@chargeproof/log';
import { openSqliteLog } from '@chargeproof/log-sqlite';
import { createSealer, type SealingKeys } from '@chargeproof/record';
import { pino } from 'pino';
import { createGateway, type Gateway } from './gateway.ts';
import { UnusableSetting } from './settings.ts';

const settings = settingsOrExit({ gateway, data, runtime });
const logger = pino(
  { level: settings.runtime.logLevel, base: { process: 'gateway' } },
  pino.destination({ fd: 2, sync: true }),
);

function fail(error: unknown): never {
  logger.fatal(oneLine(error));
  logger.debug({ err: error });
  process.exit(1);
}

/** What a person can act on; the stack is for `debug`. */
function oneLine(error: unknown): string {
  if (error instanceof UnusableSetting) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { host, port } = settings.gateway;
  if ('code' in error && error.code === 'EADDRINUSE') {
    return `port ${port} of ${host} is in use: set ${variableName('gateway', 'port')} to another`;
  }
  return `${error.name}: ${error.message}`;
}

async function start(): Promise<{ readonly recorder: Gateway; readonly close: () => Promise<void> }> {
  const layout = dataLayout(settings.data.folder);
  const log = await openSqliteLog({ folder: layout.log });
  try {
    const sealer = createSealer(await keysFor(log, layout.keys));
    const recorder = await createGateway({
      settings: settings.gateway,
      log,
      sealer,
      software: `chargeproof ${version()}`,
      onBug: (error) => {
        logger.error({ err: error }, 'a connection met a mistake of ours');
      },
    });
    return { recorder, close: () => log.close() };
  } catch (error) {
    await log.close();
    throw error;
  }
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

/** A log that holds records has a key file; a new one would open nothing of it. */
async function keysFor(log: LogReader, folder: string): Promise<SealingKeys> {
  const ends = await log.end('ocpp.frames');
  const isEmpty = [...ends.values()].every((end) => end === 0);
  return isEmpty ? openKeyring(folder) : readKeyring(folder);
}

const { recorder, close } = await start().catch(fail);
void recorder.failed.then(async (error) => {
  logger.fatal(oneLine(error));
  await recorder.stop('log-failed');
  process.exit(1);
});
const address = `ws://${recorder.address.host}:${recorder.address.port}`;
if (recorder.warning !== undefined) logger.warn(recorder.warning);
logger.info({ address, run: recorder.run }, 'recording');
process.send?.({ address, run: recorder.run });

let stopping: Promise<never> | undefined;
async function stop(reason: string): Promise<never> {
  await recorder.stop(reason);
  await close();
  process.exit(0);
}
// The channel to the supervisor closes when it dies: nobody is left to ask us to stop.
for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) {
  process.on(event, () => {
    stopping ??= stop(event).catch(fail);
  });
}
