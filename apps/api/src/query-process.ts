import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import {
  api,
  data,
  dataLayout,
  isLoopback,
  type SettingsOf,
  store as storeArea,
  threadPoolSize,
} from '@chargeproof/config';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import type { Running } from '@chargeproof/process';
import { type Engine, startEngine } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import { openEmbeddedStore, openServerStore } from '@chargeproof/store';
import type { Store } from '@chargeproof/tables';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiModule } from './api.module.ts';
import { checkExposure } from './exposure.ts';
import { loopbackHostsOnly } from './host-check.ts';

export const AREAS_USED = { api, data, store: storeArea };
export type QuerySettings = SettingsOf<typeof AREAS_USED>;

/** Takes what the person who started it should know. */
type Warn = (text: string) => void;
type Projector = { readonly engine: Engine; stop(): Promise<void> };

/**
 * Projector and API in one process, because chDB admits one (DESIGN 7). On a ClickHouse server
 * `apps/projector` folds, and this process only answers.
 * @throws LogFailed, StoreError; Error naming a setting that cannot be used
 */
export async function startQueryProcess(settings: QuerySettings, warn: Warn): Promise<Running> {
  const warning = checkExposure(settings.api);
  if (warning !== undefined) warn(warning);
  const layout = dataLayout(settings.data.folder);
  const store = await openStore(settings.store, layout.tables);
  const projector = settings.store.url === undefined ? await startProjector(store, layout.log) : undefined;
  const app = await listen(store, settings.api).catch(async (error: unknown) => {
    await projector?.stop();
    await store.close();
    throw error;
  });
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    ready: { address: `http://${settings.api.host}:${port}` },
    failed: projector?.engine.failed ?? new Promise<never>(() => undefined),
    stop: async () => {
      await app.close();
      await projector?.stop();
      await store.close();
    },
  };
}

async function openStore({ url, ...server }: QuerySettings['store'], folder: string): Promise<Store> {
  if (url !== undefined) return openServerStore({ url, ...server });
  mkdirSync(folder, { recursive: true });
  return openEmbeddedStore({ path: folder, threadPoolSize: threadPoolSize() });
}

async function startProjector(store: Store, folder: string): Promise<Projector> {
  const log = await openSqliteLogReader({ folder });
  const engine = await startEngine({ log, store, projections: PROJECTIONS });
  return {
    engine,
    stop: async () => {
      await engine.stop();
      await log.close();
    },
  };
}

async function listen(store: Store, { host, port }: QuerySettings['api']): Promise<NestExpressApplication> {
  const loopbackOnly = isLoopback(host);
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.with({ store, loopbackOnly }), {
    logger: ['error', 'fatal'],
  });
  if (loopbackOnly) app.use(loopbackHostsOnly);
  await app.listen(port, host);
  return app;
}
