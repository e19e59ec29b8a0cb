import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog } from '@chargeproof/log';
import { sampleRecord } from '@chargeproof/log/testing';
import { startEngine } from '@chargeproof/projection';
import { framesByStation, PROJECTIONS } from '@chargeproof/projections';
import { formatMicros } from '@chargeproof/record';
import { openEmbeddedStore } from '@chargeproof/store';
import type { Store } from '@chargeproof/tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveFrontier } from './read-at.ts';

const DAY = 86_400_000_000;
const BEGAN = 1_763_000_000_000_000;
const folder = mkdtempSync(join(tmpdir(), 'chargeproof-read-at-'));
let today = BEGAN;
const log = createMemoryLog({ clock: () => today });
const stores: Store[] = [];

async function openStore(database: string): Promise<Store> {
  const store = await openEmbeddedStore({ path: folder, database, threadPoolSize: 16, durable: false });
  stores.push(store);
  return store;
}

async function foldAll(store: Store): Promise<Store> {
  const engine = await startEngine({ log, store, projections: PROJECTIONS });
  await engine.whenProcessed(await log.end('ocpp.frames'));
  await engine.stop();
  return store;
}

let live: Store;
let rebuilt: Store;

beforeAll(async () => {
  live = await openStore('live');
  for (let day = 0; day < 4; day++) {
    today = BEGAN + day * DAY;
    await log.append(
      'ocpp.frames',
      [0, 1].map((i) => sampleRecord('CP', 2 * day + i)),
    );
    await foldAll(live);
  }
  rebuilt = await foldAll(await openStore('rebuilt'));
});
afterAll(async () => {
  for (const store of stores) await store.close();
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

/** How many frames were known, one number a moment. */
const known = (store: Store, moments: readonly string[]) =>
  Promise.all(
    moments.map(async (asOf) => {
      const frontier = await resolveFrontier(store, asOf);
      return (await framesByStation(store, { tenant: 'default' }, frontier))[0]?.frames ?? '0';
    }),
  );

describe('what was known then', () => {
  it('is the same after a rebuild, whose one batch spans all days', async () => {
    const evenings = [-1, 0, 1, 2, 3, 9].map((day) => formatMicros(BEGAN + day * DAY + DAY / 2));
    expect(await known(live, evenings)).toEqual(['0', '2', '4', '6', '8', '8']);
    expect(await known(rebuilt, evenings)).toEqual(['0', '2', '4', '6', '8', '8']);
  });

  it('includes what was logged at that very moment', async () => {
    expect(await known(rebuilt, [formatMicros(BEGAN + DAY), formatMicros(BEGAN + DAY - 1)])).toEqual([
      '4',
      '2',
    ]);
  });

  it('is all or nothing at a moment beyond what numbers hold', async () => {
    expect(await known(live, ['9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z'])).toEqual(['8', '0']);
  });

  it('is refused at positions that are not folded yet, by partition', async () => {
    const { generation, next } = await resolveFrontier(live, null);
    const ahead = next.map((offset) => (offset === 0 ? 0 : offset + 1)).map((offset) => offset.toString(36));
    const partition = next.findIndex((offset) => offset > 0);
    await expect(resolveFrontier(live, [`g${generation}`, ...ahead].join('.'))).rejects.toMatchObject({
      message: `asOf names positions that are not folded yet, in partition ${partition}`,
      extensions: { code: 'BAD_USER_INPUT' },
    });
    await expect(resolveFrontier(live, 'g65535.1')).rejects.toThrow(/not folded yet, in partition 0/);
  });
});
