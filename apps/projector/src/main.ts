import {
  api,
  apiToken,
  data,
  effectiveSettings,
  kafka,
  projector,
  runtime,
  settingsOrExit,
  store as storeArea,
  variableName,
} from '@chargeproof/config';
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
import type { BatchStats } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import { openServerStore } from '@chargeproof/store';
import { StoreError } from '@chargeproof/tables';
import { type Folding, startFolding } from './folding.ts';

/** The projector as a process of its own, on a ClickHouse server. With chDB it runs inside the query process. */
const areas = { api, data, kafka, projector, runtime, store: storeArea };
const settings = settingsOrExit(areas);
await runProcess({
  name: 'projector',
  logLevel: settings.runtime.logLevel,
  settings: effectiveSettings(areas, settings),
  start: startProjector,
});

async function startProjector(logger: Pick<Console, 'warn'>): Promise<Running> {
  const { url, ...server } = settings.store;
  if (url === undefined) {
    throw new Error(
      `set ${variableName('store', 'url')}: on the embedded profile the query process projects`,
    );
  }
  const store = await openServerStore({ url, ...server });
  const batches = new Latency();
  const onBatch = ({ insertMs }: BatchStats) => {
    batches.took(insertMs);
  };
  const warn = (line: string) => {
    logger.warn(line);
  };
  const parts = { store, projections: PROJECTIONS, onBatch, onNotice: warn };
  const folding = await startFolding(settings, parts, warn);
  const answers = () => store.select('SELECT 1 AS one').then(() => undefined);
  const looking = await listenForOperations(settings.projector, operationsOf(folding, answers, batches));
  // Whoever asks the tables can be started when this process says that it is ready: then they are there.
  await Promise.race([folding.joined, folding.failed]).catch((error: unknown) => {
    throw withRemedy(error, settings.store.database);
  });
  return {
    ready: { address: url, health: looking.address },
    failed: folding.failed,
    stop: async () => {
      await looking.stop();
      await folding.stop();
      await store.close();
    },
  };
}

/** Tables of another version, or of another log, are no loss: the log has all that they were folded from. */
function withRemedy(error: unknown, database: string): unknown {
  if (!(error instanceof StoreError) || error.failure !== 'other-shape') return error;
  const setting = variableName('store', 'database');
  return new StoreError(
    'other-shape',
    `${error.message}. Set ${setting} to another database than ${database}, or drop that one: tables are folded again from the log`,
    { cause: error },
  );
}

function operationsOf(folding: Folding, answers: () => Promise<undefined>, batches: Latency): Operations {
  const figures = { stats: () => folding.stats(), copied: () => folding.copied() };
  const token = apiToken(settings.api);
  const metrics = new Metrics();
  foldingMetrics(metrics, figures, batches);
  return {
    metrics,
    checks: [
      ...foldingChecks({ ...figures, failed: folding.failed }, settings.projector.lagSeconds),
      { name: 'share', fault: () => (folding.hasShare() ? undefined : 'it waits for its share of the log') },
      { name: 'store', fault: answers },
    ],
    mayLook: ({ headers }) => showsToken(headers.authorization, token),
  };
}
