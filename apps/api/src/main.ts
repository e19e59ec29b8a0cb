import 'reflect-metadata';
import { runtime, settingsOrExit } from '@chargeproof/config';
import { pino } from 'pino';
import { AREAS_USED, startQueryProcess } from './query-process.ts';

const settings = settingsOrExit({ ...AREAS_USED, runtime });
const logger = pino(
  { level: settings.runtime.logLevel, base: { process: 'api' } },
  pino.destination({ fd: 2, sync: true }),
);

function fail(error: unknown): never {
  logger.fatal(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  logger.debug({ err: error });
  process.exit(1);
}

const running = await startQueryProcess(settings).catch(fail);
running.failed.catch(fail);
logger.info({ address: running.address }, 'answering');
process.send?.({ address: running.address });

let stopping: Promise<void> | undefined;
// The channel to the supervisor closes when it dies: nobody is left to ask us to stop.
for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) {
  process.on(event, () => {
    stopping ??= running.stop().then(() => process.exit(0), fail);
  });
}
