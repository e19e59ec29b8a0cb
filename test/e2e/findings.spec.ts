import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog } from '@chargeproof/log';
import { startEngine } from '@chargeproof/projection';
import { Scene, second, STATION } from '@chargeproof/projection/testing';
import {
  countRecords,
  evidenceOfFinding,
  findingsAt,
  framesChecked,
  frontierNow,
  occurrencesOf,
  PROJECTIONS,
  recordIds,
} from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import type { Store } from '@chargeproof/tables';
import { afterAll, beforeAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-findings-'));
const log = createMemoryLog();
let store: Store;

beforeAll(async () => {
  store = await openEmbeddedStore({ path: folder, threadPoolSize: 16, durable: false });
  const engine = await startEngine({ log, store, projections: PROJECTIONS });
  const scene = new Scene();
  const run = scene.run('aaaaaa');
  const socket = run.open(second(1), STATION);
  run.frame(second(2), socket, 'station-to-csms', '[2,"1","Heartb');
  run.frame(second(3), socket, 'station-to-csms', '[2,"2","StatusNotification",{"connectorId":"1"}]');
  run.frame(second(4), socket, 'csms-to-station', '[3,"2",{}]');
  run.frame(second(5), socket, 'station-to-csms', '[2,"3","StatusNotification",{"connectorId":2}]');
  run.frame(second(6), socket, 'csms-to-station', '[3,"3",{"status":1}]');
  await log.append('ocpp.frames', scene.log());
  await engine.whenProcessed(await log.end('ocpp.frames'));
  await engine.stop();
});

afterAll(async () => {
  await store.close();
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

const tenant = 'default';

it('answers which rules a station broke, how often, and by which frames', async () => {
  const frontier = await frontierNow(store);
  const rows = await findingsAt(store, { tenant }, frontier);
  expect(rows.map(({ rule, subject, severity, count }) => [rule, subject, severity, count])).toEqual([
    ['rpc-invalid-json', 'station', 'error', '1'],
    ['schema-missing-field', 'station', 'error', '2'],
    ['schema-type', 'station', 'error', '1'],
    ['schema-extra-field', 'csms', 'warning', '1'],
  ]);
  const missing = rows[1]!;
  const ids = await recordIds(store, evidenceOfFinding(missing, { tenant }, frontier), { first: 10 });
  expect(ids.map((id) => id.split('/')[1])).toEqual(['2', '4']);
  expect(await countRecords(store, evidenceOfFinding(missing, { tenant }, frontier))).toBe(2n);
  const ofAll = { rows, filter: { tenant }, frontier };
  const newest = await occurrencesOf(store, ofAll, { order: 'newest', first: 1 });
  expect(newest(missing)).toMatchObject([{ record: ids[1], action: 'StatusNotification' }]);
  expect(rows.map((row) => newest(row).length)).toEqual([1, 1, 1, 1]);
  const oldest = await occurrencesOf(store, ofAll, { order: 'oldest', first: 10 });
  expect(oldest(missing).map(({ record }) => record)).toEqual(ids);
  expect(await framesChecked(store, { tenant }, frontier)).toBe(5n);
});

it('narrows by rule, category and time', async () => {
  const frontier = await frontierNow(store);
  const rules = async (filter: Parameters<typeof findingsAt>[1]) =>
    (await findingsAt(store, filter, frontier)).map(({ rule }) => rule);
  expect(await rules({ tenant, category: ['frame'] })).toEqual(['rpc-invalid-json']);
  expect(await rules({ tenant, rule: ['schema-type'] })).toEqual(['schema-type']);
  expect(await rules({ tenant, from: second(4), to: second(6) })).toEqual(['schema-missing-field']);
  expect(await rules({ tenant, station: ['other'] })).toEqual([]);
  expect(await rules({ tenant: 'other' })).toEqual([]);
});
