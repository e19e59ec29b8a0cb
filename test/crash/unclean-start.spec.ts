import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog } from '@chargeproof/log';
import { startEngine } from '@chargeproof/projection';
import { type Appended, GatewayRun, second } from '@chargeproof/projection/testing';
import { completenessOfPeriod, frontierNow, PROJECTIONS } from '@chargeproof/projections';
import { FRAME_PARTITIONS } from '@chargeproof/record';
import { openEmbeddedStore } from '@chargeproof/store';
import type { SchemaStore } from '@chargeproof/tables';
import { afterAll, beforeAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-unclean-'));
const PERIOD = { tenant: 'default', from: second(0), to: second(600) };
const appended: Appended[] = [];
const newRun = (began: number, random: string) =>
  new GatewayRun(second(began), 0, random, FRAME_PARTITIONS, (one) => appended.push(one));
const say = (run: GatewayRun, at: number, socket: ReturnType<GatewayRun['open']>) => {
  run.frame(second(at), socket, 'station-to-csms', `[2,"${at}","Heartbeat",{}]`);
};

let store: SchemaStore;
let connection: string;
beforeAll(async () => {
  const dying = newRun(0, 'aaaaaa');
  dying.start(60);
  const gone = dying.open(second(10), { tenant: 'default', station: 'LEFT-BEFORE' });
  say(dying, 11, gone);
  dying.close(second(20), gone, { code: 1000, reason: '', by: 'station' });
  const held = dying.open(second(30), { tenant: 'default', station: 'HELD' });
  connection = held.id;
  dying.tick(second(60), 60);
  say(dying, 75, held);
  const next = newRun(300, 'bbbbbb');
  next.start(60, { run: dying.id, endedCleanly: false }, 'beside-relay');
  say(next, 310, next.open(second(310), { tenant: 'default', station: 'HELD' }));
  for (const at of [360, 420, 480, 540, 600]) next.tick(second(at), 60);
  store = await openEmbeddedStore({ path: folder, threadPoolSize: 16, durable: false });
  const log = createMemoryLog();
  const engine = await startEngine({ log, store, projections: PROJECTIONS });
  await log.append(
    'ocpp.frames',
    appended.map(({ partition, record }) => ({ ...record, partition })),
  );
  await engine.whenProcessed(await log.end('ocpp.frames'));
  await engine.stop();
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const asked = async () => {
  const entries = await completenessOfPeriod(store, { ...PERIOD, frontier: await frontierNow(store) });
  return new Map(
    entries.map(({ station, gaps }) => [
      station,
      gaps.map(({ kind, from, to }) => [kind, (from - second(0)) / 1e6, (to - second(0)) / 1e6]),
    ]),
  );
};

it('leaves unknown what came over a connection that was open, from the run’s last record to the next run', async () => {
  const gaps = await asked();
  expect(gaps.get('HELD')).toContainEqual(['unclean-start', 75, 300]);
  expect(gaps.get('LEFT-BEFORE')?.map(([kind]) => kind)).not.toContain('unclean-start');
});

it('names the connection, the last record and the next start, and no number', async () => {
  const question = { ...PERIOD, station: ['HELD'], frontier: await frontierNow(store) };
  const [entry] = await completenessOfPeriod(store, question);
  const gap = entry?.gaps.find(({ kind }) => kind === 'unclean-start');
  expect(gap).toMatchObject({ connection, missing: null });
  expect(gap?.records).toHaveLength(2);
  expect(entry?.complete).toBe(false);
});

it('watched nobody from the last tick on, and says when frames did not wait for the log', async () => {
  for (const [, gaps] of await asked()) {
    expect(gaps).toContainEqual(['unwatched', 60, 300]);
    expect(gaps).toContainEqual(['beside-relay', 300, 600]);
  }
});
