import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog, type MemoryLog } from '@chargeproof/log';
import { PARKED, type Projection, projectionId, startEngine } from '@chargeproof/projection';
import {
  connections,
  coverage,
  frontierNow,
  parkedNow,
  readModelsBehind,
  subjects,
} from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import type { SchemaStore, Store, TableDefinition } from '@chargeproof/tables';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { traffic } from '../crash/projector-traffic.ts';
import { countRows, digestsOf, doubled, foldAll } from '../fixtures/projector.ts';

/** What an earlier release folded; what this one folds: one that is new, and one in another version. */
const EARLIER = [connections, coverage] as readonly Projection[];
const NEW_VERSION = { ...coverage, version: 99 } as Projection;
const NOW = [connections, NEW_VERSION, subjects] as readonly Projection[];
const NAMES = NOW.map(projectionId);
const LATE = NAMES.slice(1);

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-new-read-model-'));
const RECORDS = [...traffic({ stations: 3, calls: 80, seed: 3 })];
let log: MemoryLog;
const open: SchemaStore[] = [];

async function freshStore(database: string): Promise<SchemaStore> {
  const store = await openEmbeddedStore({ path: folder, database, threadPoolSize: 16, durable: false });
  open.push(store);
  return store;
}

beforeAll(async () => {
  log = createMemoryLog();
  await log.append('ocpp.frames', RECORDS.slice(0, -20));
});
afterAll(async () => {
  for (const store of open) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As it would be if the process died before it wrote into a table for the n-th time. */
const dyingAt = (store: Store, inserts: number): Store => ({
  ensureTables: (tables) => store.ensureTables(tables),
  select: (...query) => store.select(...query),
  close: () => store.close(),
  insert: (table: TableDefinition, rows) =>
    inserts-- > 0 ? store.insert(table, rows) : Promise.reject(new Error('died')),
});

it('is folded from the log’s beginning, which is said, and nothing answers ahead of it meanwhile', async () => {
  const store = await freshStore('upgraded');
  await (await foldAll(log, store, {}, EARLIER)).stop();
  const before = await frontierNow(store, EARLIER);
  expect(await readModelsBehind(store, NAMES)).toEqual(LATE);
  await log.append('ocpp.frames', RECORDS.slice(-20));

  const said: string[] = [];
  const onNotice = (line: string) => said.push(line);
  const dying = await startEngine({
    log,
    store: dyingAt(store, 5),
    projections: NOW,
    options: { readRecords: 50, batchRows: 50 },
    onNotice,
  });
  await expect(dying.failed).rejects.toThrow('died');
  await dying.stop();
  expect(said).toEqual([expect.stringContaining(`(${RECORDS.length - 20} records)`)]);
  for (const name of LATE) expect(said[0]).toContain(name);
  const sum = (next: readonly number[]) => next.reduce((a, b) => a + b, 0);
  expect(sum((await frontierNow(store, NOW)).next)).toBeLessThan(sum(before.next));
  expect(await readModelsBehind(store, NAMES)).toEqual(LATE);

  await (await foldAll(log, store, {}, NOW)).stop();
  expect(await readModelsBehind(store, NAMES)).toEqual([]);
  expect(await countRows(store, 'records')).toBe(RECORDS.length);
  expect(new Set(Object.values(await doubled(store, NOW)))).toEqual(new Set([0]));
  const whole = await freshStore('rebuilt');
  await (await startAndFold(whole, onNotice)).stop();
  expect(await digestsOf(store, NOW)).toEqual(await digestsOf(whole, NOW));
  expect(said).toHaveLength(1);
});

async function startAndFold(store: Store, onNotice: (line: string) => void) {
  const engine = await startEngine({ log, store, projections: NOW, onNotice });
  await engine.whenProcessed(await log.end('ocpp.frames'));
  return engine;
}

it('does not take in another log, though there is nothing of it that could differ', async () => {
  const store = await freshStore('moved');
  await (await foldAll(log, store, {}, EARLIER)).stop();
  const other = createMemoryLog();
  await other.append('ocpp.frames', [
    ...traffic({ stations: 3, calls: 80, seed: 3, started: 1_700_000_000_000_000 }),
  ]);
  await expect(startEngine({ log: other, store, projections: NOW })).rejects.toMatchObject({
    failure: 'other-shape',
  });
  expect(await countRows(store, 'records')).toBe(RECORDS.length);
});

it('answers for itself only: what an earlier version is parked on is not its own', async () => {
  const store = await freshStore('parked');
  const parked = { tenant: 'default', kind: 'station', stream: 'default/CS-0', changed: 1, cleared: 0 };
  const place = {
    log_generation: 0,
    log_partition: 0,
    log_offset: 5,
    logged_at: 1,
    record_id: 'r',
    error: 'a bug',
  };
  await store.ensureTables([PARKED]);
  await store.insert(
    PARKED,
    ['connections@0', 'connections@1'].map((projection_name) => ({ ...parked, projection_name, ...place })),
  );
  expect((await parkedNow(store)).map((row) => row.projection_name)).toEqual(['connections@1']);
});
