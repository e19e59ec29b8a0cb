import {
  api,
  apiToken,
  data,
  dataLayout,
  effectiveSettings,
  projector,
  runtime,
  settingsOrExit,
  store as storeArea,
  variableName,
} from '@chargeproof/config';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import {
  foldingChecks,
  foldingMetrics,
  Latency,
  listenForOperations,
  Metrics,
  type Operations,
  showsToken,
} from '@chargeproof/operations';
import { type Running, runProcess } from '@chargeproof/process';
import { type Engine, startEngine } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import { openServerStore } from '@chargeproof/store';

/** The projector as a process of its own, on a ClickHouse server. With chDB it runs inside the query process. */
const areas = { api, data, projector, runtime, store: storeArea };
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
  const batches = new Latency();
  const engine = await startEngine({
    log,
    store,
    projections: PROJECTIONS,
    onBatch: ({ insertMs }) => {
      batches.took(insertMs);
    },
  });
  const answers = () => store.select('SELECT 1 AS one').then(() => undefined);
  const looking = await listenForOperations(settings.projector, operationsOf(engine, answers, batches));
  return {
    ready: { address: url, health: looking.address },
    failed: engine.failed,
    stop: async () => {
      await looking.stop();
      await engine.stop();
      await log.close();
      await store.close();
    },
  };
}

function operationsOf(engine: Engine, answers: () => Promise<undefined>, batches: Latency): Operations {
  const stats = () => engine.stats();
  const token = apiToken(settings.api);
  const metrics = new Metrics();
  foldingMetrics(metrics, stats, batches);
  return {
    metrics,
    checks: [
      ...foldingChecks({ stats, failed: engine.failed }, settings.projector.lagSeconds),
      { name: 'store', fault: answers },
    ],
    mayLook: ({ headers }) => showsToken(headers.authorization, token),
  };
}
