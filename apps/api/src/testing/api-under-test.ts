import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppendRequest, createMemoryLog } from '@chargeproof/log';
import { startEngine } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import type { Store } from '@chargeproof/tables';
import { NestFactory } from '@nestjs/core';
import { ApiModule, type ApiParts } from '../api.module.ts';
import type { Commits } from '../live/frame-tail.ts';
import { SILENT } from '../errors/log.ts';

export type Answer<Data> = {
  data?: Data;
  errors?: { message: string; path?: unknown[]; extensions: Record<string, unknown> }[];
};

export type ApiUnderTest = {
  readonly address: string;
  readonly store: Store;
  /** Resolves when the records can be asked about. */
  append(records: readonly AppendRequest[]): Promise<void>;
  ask<Data>(query: string, variables?: Record<string, unknown>): Promise<Answer<Data>>;
  close(): Promise<void>;
};

/** A fault of ours in a test is to be read there. */
const LOUD_FAULTS = {
  ...SILENT,
  error: (what: object) => {
    console.error(what);
  },
};

/** The whole API over a chDB of its own, filled by a real engine from a log in memory. */
export async function startApi(more: Partial<ApiParts> = {}): Promise<ApiUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'chargeproof-api-'));
  const log = createMemoryLog();
  const store = await openEmbeddedStore({ path: folder, threadPoolSize: 16, durable: false });
  const listeners = new Set<() => void>();
  const commits: Commits = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const onCommit = () => {
    for (const listener of listeners) listener();
  };
  const options = { intervalMs: 5 };
  const engine = await startEngine({ log, store, projections: PROJECTIONS, options, onCommit });
  const app = await NestFactory.create(
    ApiModule.with({ store, loopbackOnly: true, log: LOUD_FAULTS, commits, ...more }),
    {
      logger: false,
    },
  );
  await app.listen(0, '127.0.0.1');
  const address = `http://127.0.0.1:${((app.getHttpServer() as Server).address() as AddressInfo).port}`;
  return {
    address,
    store,
    async append(records) {
      await log.append('ocpp.frames', records);
      await engine.whenProcessed(await log.end('ocpp.frames'));
    },
    async ask<Data>(query: string, variables: Record<string, unknown> = {}) {
      const response = await fetch(`${address}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer<Data>;
    },
    async close() {
      await app.close();
      await engine.stop();
      await store.close();
      await log.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
