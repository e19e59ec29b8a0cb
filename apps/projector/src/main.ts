import {
  data,
  dataLayout,
  effectiveSettings,
  runtime,
  settingsOrExit,
  store as storeArea,
  variableName,
} from '@chargeproof/config';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import { type Running, runProcess } from '@chargeproof/process';
import { startEngine } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import { openServerStore } from '@chargeproof/store';

/** The projector as a process of its own, on a ClickHouse server. With chDB it runs inside the query process. */
const areas = { data, runtime, store: storeArea };
const settings = settingsOrExit(areas);
await runProcess({
  name: 'projector',
  logLevel: settings.runtime.logLevel,
  settings: effectiveSettings(areas, settings),
  start: startProjector,
});

async function startProjector(): Promise<Running> {
  const { url, ...server } = settings.store;
  if (url === undefined) {
    throw new Error(
      `set ${variableName('store', 'url')}: on the embedded profile the query process projects`,
    );
  }
  const store = await openServerStore({ url, ...server });
  const log = await openSqliteLogReader({ folder: dataLayout(settings.data.folder).log });
  const engine = await startEngine({ log, store, projections: PROJECTIONS });
  return {
    ready: { address: url },
    failed: engine.failed,
    stop: async () => {
      await engine.stop();
      await log.close();
      await store.close();
    },
  };
}
