import {
  data,
  dataLayout,
  runtime,
  settingsOrExit,
  store as storeArea,
  variableName,
} from '@chargeproof/config';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import { startEngine } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import { openServerStore } from '@chargeproof/store';
import { pino } from 'pino';

/** The projector as a process of its own, on a ClickHouse server. With chDB it runs inside the query process. */
const settings = settingsOrExit({ data, runtime, store: storeArea });
const logger = pino(
  { level: settings.runtime.logLevel, base: { process: 'projector' } },
  pino.destination({ fd: 2, sync: true }),
);

function fail(error: unknown): never {
  logger.fatal(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  logger.debug({ err: error });
  process.exit(1);
}

async function startProjector() {
  const { url, ...server } = settings.store;
  if (url === undefined) {
    throw new Error(
      `set ${variableName('store', 'url')}: on the embedded profile the query process projects`,
    );
  }
  const store = await openServerStore({ url, ...server });
  const log = await openSqliteLogReader({ folder: dataLayout(settings.data.folder).log });
  const engine = await startEngine({ log, store, projections: PROJECTIONS });
  const stop = async () => {
    await engine.stop();
    await log.close();
    await store.close();
  };
  return { engine, stop };
}

const running = await startProjector().catch(fail);
running.engine.failed.catch(fail);
logger.info('projecting');
process.send?.({ address: settings.store.url });

let stopping: Promise<void> | undefined;
for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) {
  process.on(event, () => {
    stopping ??= running.stop().then(() => process.exit(0), fail);
  });
}
