import { type AppendRequest, createMemoryLog, type Log } from '@chargeproof/log';
import { startEngine } from '@chargeproof/projection';
import { exchanges } from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import type { SchemaStore } from '@chargeproof/tables';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { traffic } from '../crash/projector-traffic.ts';
import { countRows, foldAll } from '../fixtures/projector.ts';

const FOLDED = { stations: 2, calls: 40, seed: 1 };
const projections = [exchanges];
const records = [...traffic(FOLDED)];

let folder: string;
let store: SchemaStore;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-another-log-'));
  store = await openEmbeddedStore({ path: folder, threadPoolSize: 16, durable: false });
  await (await foldAll(await logOf(records), store, {}, projections)).stop();
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function logOf(requests: readonly AppendRequest[]): Promise<Log> {
  const log = createMemoryLog();
  await log.append('ocpp.frames', requests);
  return log;
}

const startOn = async (requests: readonly AppendRequest[]) =>
  startEngine({ log: await logOf(requests), store, projections });

it.each([
  [
    'has fewer records than were folded',
    traffic({ ...FOLDED, calls: 4 }),
    /ends at \d+, and was folded to \d+/,
  ],
  [
    'has as many, and other ones',
    traffic({ ...FOLDED, started: 1_700_000_000_000_000 }),
    /has another record at/,
  ],
])('a log that %s is not folded into these tables', async (_, other, reason) => {
  await expect(startOn([...other])).rejects.toMatchObject({
    failure: 'other-shape',
    message: expect.stringMatching(reason) as string,
  });
  expect(await countRows(store, 'records')).toBe(records.length);
});

it('the log that they were folded from goes on', async () => {
  const log = await logOf([...records, ...traffic({ ...FOLDED, seed: 2, started: 1_800_000_000_000_000 })]);
  await (await foldAll(log, store, {}, projections)).stop();
  expect(await countRows(store, 'records')).toBeGreaterThan(records.length);
});
