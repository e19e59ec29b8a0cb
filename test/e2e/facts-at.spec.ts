import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog, type MemoryLog } from '@chargeproof/log';
import { currentTable, factsTable, startEngine } from '@chargeproof/projection';
import { actOut, toLog, trafficOf } from '@chargeproof/projection/testing';
import { exchanges, factsAt, type Frontier, frontierNow, PROJECTIONS } from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import type { Store } from '@chargeproof/tables';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-facts-at-'));
let log: MemoryLog;
let store: Store;

beforeAll(async () => {
  log = createMemoryLog();
  store = await openEmbeddedStore({ path: folder, threadPoolSize: 16, durable: false });
  const engine = await startEngine({ log, store, projections: PROJECTIONS });
  // Late records among them, so that facts are retracted and said again.
  const records = fc
    .sample(trafficOf(200), { seed: 7, numRuns: 4 })
    .flatMap((actions) => toLog(actOut(actions)));
  for (let from = 0; from < records.length; from += 50) {
    await log.append('ocpp.frames', records.slice(from, from + 50));
    await engine.whenProcessed(await log.end('ocpp.frames'));
  }
  await engine.stop();
});

afterAll(async () => {
  await store.close();
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

const key = currentTable(exchanges).orderBy.join(', ');
const columns = [key, ...Object.keys(exchanges.values)].join(', ');

/** What held, found the long way: each key's newest fact of the history that was known. */
async function newestOfHistory({ generation, next }: Frontier): Promise<readonly unknown[]> {
  const rows = await store.select<Record<string, unknown>>(
    `SELECT ${columns}, retracted, log_generation, log_partition, log_offset FROM ${factsTable(exchanges).name}
     WHERE tenant = 'default' ORDER BY ${key}, log_generation, log_offset`,
  );
  const newest = new Map<string, Record<string, unknown>>();
  for (const row of rows) {
    const offset = Number(row.log_offset);
    if (Number(row.log_generation) > generation || offset >= (next[Number(row.log_partition)] ?? 0)) continue;
    newest.set(JSON.stringify(currentTable(exchanges).orderBy.map((name) => row[name])), row);
  }
  return [...newest.values()]
    .filter(({ retracted }) => retracted === 0)
    .map(({ retracted: _r, log_generation: _g, log_partition: _p, log_offset: _o, ...row }) => row);
}

it('tells at every frontier what the history tells, whatever has changed since', async () => {
  const now = await frontierNow(store);
  const ends = now.next;
  let changed = 0;
  for (const share of [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1]) {
    const frontier = { ...now, next: ends.map((end) => Math.floor(end * share)) };
    const { sql, parameters } = factsAt(exchanges, { tenant: 'default', frontier });
    const rows = await store.select(`SELECT ${columns} FROM ${sql} ORDER BY ${key}`, parameters);
    expect(rows).toEqual(await newestOfHistory(frontier));
    changed += share < 1 ? rows.length : 0;
  }
  expect(changed).toBeGreaterThan(100);
});
