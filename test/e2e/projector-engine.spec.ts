import { createMemoryLog } from '@chargeproof/log';
import type { Log } from '@chargeproof/log';
import { digestOfCurrent, digestOfHistory, startEngine } from '@chargeproof/projection';
import type { Engine, EngineParts } from '@chargeproof/projection';
import { connections, coverage, exchanges } from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import type { SchemaStore } from '@chargeproof/tables';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrafficOptions } from '../crash/projector-traffic.ts';
import { traffic } from '../crash/projector-traffic.ts';

const PROJECTIONS = [connections, coverage, exchanges];
const SMALL: TrafficOptions = { stations: 20, calls: 400, seed: 1, late: 0.3 };

let folder: string;
let databases = 0;
const open: SchemaStore[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-engine-'));
});
afterAll(async () => {
  for (const store of open) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function freshStore(database = `test_${databases++}`): Promise<SchemaStore> {
  const store = await openEmbeddedStore({ path: folder, database, threadPoolSize: 16, durable: false });
  open.push(store);
  return store;
}

async function logOf(options: TrafficOptions): Promise<Log> {
  const log = createMemoryLog();
  await log.append('ocpp.frames', [...traffic(options)]);
  return log;
}

const start = (log: Log, store: SchemaStore, options: EngineParts['options'] = {}): Promise<Engine> =>
  startEngine({ log, store, projections: PROJECTIONS, options });

async function foldAll(log: Log, store: SchemaStore, options: EngineParts['options'] = {}): Promise<Engine> {
  const engine = await start(log, store, options);
  await engine.whenProcessed(await log.end('ocpp.frames'));
  return engine;
}

async function count(store: SchemaStore, table: string): Promise<number> {
  const [row] = await store.select<{ rows: string }>(`SELECT toString(count()) AS rows FROM ${table}`);
  return Number(row?.rows);
}

const digests = async (store: SchemaStore) =>
  Object.fromEntries(
    await Promise.all(
      PROJECTIONS.map(
        async (projection) => [projection.name, await digestOfCurrent(store, projection)] as const,
      ),
    ),
  );

describe('the engine', () => {
  it('writes every record once, and facts whose newest are the current ones', async () => {
    const store = await freshStore();
    const log = await logOf(SMALL);
    const engine = await foldAll(log, store);
    const appended = [...traffic(SMALL)].length;
    expect(await count(store, 'records')).toBe(appended);
    for (const projection of PROJECTIONS) {
      const current = await digestOfCurrent(store, projection);
      expect(current).toBe(await digestOfHistory(store, projection));
      expect(current.startsWith('0 ')).toBe(false);
    }
    await engine.stop();
  });

  it('says the same whatever the batches are', async () => {
    const log = await logOf(SMALL);
    const seen = new Set<string>();
    for (const options of [
      { readRecords: 10_000 },
      { readRecords: 7, batchRows: 5 },
      { readRecords: 100, intervalMs: 0 },
    ]) {
      const store = await freshStore();
      const engine = await foldAll(log, store, options);
      seen.add(JSON.stringify(await digests(store)));
      await engine.stop();
    }
    expect(seen.size).toBe(1);
  });
});
