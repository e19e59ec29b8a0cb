import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppendRequest, createMemoryLog, type MemoryLog } from '@chargeproof/log';
import { startCopying, startEngine } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import type { SealingKeys } from '@chargeproof/record';
import { openEmbeddedStore } from '@chargeproof/store';
import type { Store } from '@chargeproof/tables';
import { NestFactory } from '@nestjs/core';
import { ApiModule, type ApiParts } from '../api.module.ts';
import type { DecisionLog } from '../deciding/decision-log.ts';
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
  /** The same of decisions. */
  decide(records: readonly AppendRequest[]): Promise<void>;
  /** Decisions that were made through it, too. */
  readonly log: MemoryLog;
  ask<Data>(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer<Data>>;
  close(): Promise<void>;
};

const KEY = Buffer.alloc(32, 7);
/** Which decisions are sealed with. */
export const KEYS: SealingKeys = { current: 'k', keys: new Map([['k', KEY]]), standIns: KEY };

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
  const copying = await startCopying({ log, store, onCommit });
  const copied = async () => {
    await copying.whenCopied(await log.end('platform.decisions'));
  };
  const decisions: DecisionLog = {
    keys: () => Promise.resolve(KEYS),
    append: async (records) => {
      await log.append('platform.decisions', records);
      await copied();
    },
    close: () => Promise.resolve(),
  };
  const app = await NestFactory.create(
    ApiModule.with({
      store,
      loopbackOnly: true,
      log: LOUD_FAULTS,
      commits,
      decisions,
      keys: () => Promise.resolve(KEYS),
      ...more,
    }),
    {
      logger: false,
    },
  );
  await app.listen(0, '127.0.0.1');
  const address = `http://127.0.0.1:${((app.getHttpServer() as Server).address() as AddressInfo).port}`;
  return {
    address,
    store,
    log,
    decide: (records) => decisions.append(records),
    async append(records) {
      await log.append('ocpp.frames', records);
      await engine.whenProcessed(await log.end('ocpp.frames'));
    },
    async ask<Data>(
      query: string,
      variables: Record<string, unknown> = {},
      headers: Record<string, string> = {},
    ) {
      const response = await fetch(`${address}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer<Data>;
    },
    async close() {
      await app.close();
      await copying.stop();
      await engine.stop();
      await store.close();
      await log.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
