import { mkdirSync } from 'node:fs';
import { type AddressInfo, isIPv6 } from 'node:net';
import {
  api,
  apiTagsToken,
  apiToken,
  centralSystem,
  data,
  dataLayout,
  gateway,
  isLoopback,
  kafka,
  projector as projectorArea,
  type SettingsOf,
  store as storeArea,
  threadPoolSize,
} from '@chargeproof/config';
import { readKeyring } from '@chargeproof/keyring';
import type { LogReader } from '@chargeproof/log';
import { Latency, operations, type Operations } from '@chargeproof/operations';
import { newToken, type OwnerAddress, type Running, writeOwnerFile } from '@chargeproof/process';
import { type Copying, type Engine, startCopying, startEngine } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import { openEmbeddedStore, openServerStore } from '@chargeproof/store';
import { type Store, StoreError } from '@chargeproof/tables';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiModule } from './api.module.ts';
import { type Access, bearersOnly } from './access/bearer.ts';
import { checkExposure } from './access/exposure.ts';
import { loopbackHostsOnly } from './access/host-check.ts';
import type { DecisionLog } from './deciding/decision-log.ts';
import { openDecisionLog } from './deciding/open-decision-log.ts';
import type { Log } from './errors/log.ts';
import type { Commits } from './live/frame-tail.ts';
import { openLogReader } from './log-reader.ts';
import { nestLog } from './nest-log.ts';
import { queryOperations } from './operations/query-operations.ts';
import { RequestCounts } from './operations/request-counts.ts';
import type { ReadKeys } from './subjects/tags.ts';
import type { LogLength } from './tokens.ts';

export const AREAS_USED = {
  api,
  centralSystem,
  data,
  gateway,
  kafka,
  projector: projectorArea,
  store: storeArea,
};
export type QuerySettings = SettingsOf<typeof AREAS_USED>;

type Projector = {
  readonly engine: Engine;
  readonly copying: Copying;
  readonly batches: Latency;
  readonly commits: Commits;
};

/**
 * Projector and API in one process, because chDB admits one (DESIGN 7). On a ClickHouse server
 * `apps/projector` folds, and this process only answers.
 * @throws LogFailed, StoreError; Error naming a setting that cannot be used
 */
export async function startQueryProcess(settings: QuerySettings, log: Log): Promise<Running> {
  const { host, port, open, localNamesOnly } = settings.api;
  const access = {
    token: apiToken(settings.api),
    ownerToken: newToken(),
    tagsToken: apiTagsToken(settings.api),
  };
  const warning = checkExposure({ host, open, token: access.token });
  if (warning !== undefined) log.warn(warning);
  const layout = dataLayout(settings.data.folder);
  const store = await openStore(settings.store, layout.tables);
  const reader = await openLogReader(settings, (line) => {
    log.warn(line);
  });
  const projector =
    settings.store.url === undefined && reader !== undefined
      ? await startProjector(store, reader, log).catch((error: unknown) => {
          throw withRemedy(error, layout.tables);
        })
      : undefined;
  const counts = new RequestCounts();
  const { lagSeconds: mostLagSeconds } = settings.projector;
  const asked = queryOperations({
    store,
    access,
    counts,
    folding: projector && { ...projector, mostLagSeconds },
  });
  const decisions = openDecisionLog(settings, (line) => {
    log.warn(line);
  });
  const { credentials } = settings.gateway;
  const parts = {
    store,
    access,
    log,
    commits: projector?.commits,
    logLength: reader,
    decisions,
    keys: () => readKeyring(layout.keys),
    policies: settings.centralSystem,
    credentials,
    counts,
    asked,
  };
  const app = await listen({ host, port, localNamesOnly }, parts).catch(async (error: unknown) => {
    await stopped(projector);
    await reader?.close();
    await store.close();
    throw error;
  });
  const bound = (app.getHttpServer().address() as AddressInfo).port;
  const address = `http://${host}:${bound}`;
  const forget = tellOwner(settings, {
    address: `http://${reachableAt(host)}:${bound}`,
    token: access.ownerToken,
  });
  return {
    ready: { address },
    failed:
      projector === undefined
        ? new Promise<never>(() => undefined)
        : Promise.race([projector.engine.failed, projector.copying.failed]),
    stop: async () => {
      forget();
      await app.close();
      await decisions.close();
      await stopped(projector);
      await reader?.close();
      await store.close();
    },
  };
}

async function stopped(projector: Projector | undefined): Promise<void> {
  await projector?.copying.stop();
  await projector?.engine.stop();
}

/** Tables of another version are no loss: the log has all that they were folded from. */
function withRemedy(error: unknown, tables: string): unknown {
  if (!(error instanceof StoreError) || error.failure !== 'other-shape') return error;
  return new StoreError(
    'other-shape',
    `${error.message}. Remove ${tables}: it is folded again from the log`,
    {
      cause: error,
    },
  );
}

async function openStore({ url, ...server }: QuerySettings['store'], folder: string): Promise<Store> {
  if (url !== undefined) return openServerStore({ url, ...server });
  mkdirSync(folder, { recursive: true });
  return openEmbeddedStore({ path: folder, threadPoolSize: threadPoolSize() });
}

async function startProjector(store: Store, reader: LogReader, log: Log): Promise<Projector> {
  const listeners = new Set<() => void>();
  const batches = new Latency();
  const onCommit = () => {
    for (const listener of listeners) listener();
  };
  // First: it refuses tables of another log, of which no decision shall be copied.
  const engine = await startEngine({
    log: reader,
    store,
    projections: PROJECTIONS,
    onBatch: ({ insertMs }) => {
      batches.took(insertMs);
    },
    onCommit,
    onNotice: (line) => {
      log.warn(line);
    },
  });
  const copying = await startCopying({ log: reader, store, onCommit });
  return {
    engine,
    copying,
    batches,
    commits: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What the data folder's other processes need to ask this one; a server's tables belong to no folder. */
function tellOwner({ data: { folder }, store: { url } }: QuerySettings, owner: OwnerAddress): () => void {
  return url === undefined ? writeOwnerFile(folder, 'query.json', owner) : () => undefined;
}

/** Where this machine's own reach a listener: one on all addresses is at its own, too. */
const reachableAt = (host: string) =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : isIPv6(host) ? `[${host}]` : host;

type ListenParts = {
  readonly store: Store;
  readonly access: Access;
  readonly log: Log;
  readonly commits: Commits | undefined;
  readonly logLength: LogLength | undefined;
  readonly decisions: DecisionLog;
  readonly keys: ReadKeys;
  readonly policies: QuerySettings['centralSystem'];
  readonly credentials: string | undefined;
  readonly counts: RequestCounts;
  readonly asked: Operations;
};

/**
 * How long a connection waits for its next request: longer than the minute for which balancers and clients keep theirs,
 * so that it is never closed under a request that is on its way.
 */
const KEPT_ALIVE_MILLISECONDS = 75_000;

async function listen(
  { host, port, localNamesOnly }: Pick<QuerySettings['api'], 'host' | 'port' | 'localNamesOnly'>,
  { commits, asked, ...parts }: ListenParts,
): Promise<NestExpressApplication> {
  const loopbackOnly = isLoopback(host) || localNamesOnly;
  const module = ApiModule.with({ ...parts, loopbackOnly, ...(commits && { commits }) });
  const app = await NestFactory.create<NestExpressApplication>(module, { logger: nestLog(parts.log) });
  if (loopbackOnly) app.use(loopbackHostsOnly);
  app.use(operations(asked));
  app.use(bearersOnly(parts.access));
  app.getHttpServer().keepAliveTimeout = KEPT_ALIVE_MILLISECONDS;
  await app.listen(port, host);
  return app;
}
