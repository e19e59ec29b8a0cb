import type { AppendRequest, Log } from '@chargeproof/log';
import { createMemoryLog } from '@chargeproof/log';
import type { Engine } from '@chargeproof/projection';
import { digestOfHistory } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import type { SchemaStore } from '@chargeproof/tables';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordedTraffic } from '../crash/mixed-traffic.ts';
import { digestsOf, doubled, foldAll } from '../fixtures/projector.ts';

/** Live traffic with its recordings among it: overlapping, cut off, by wrong clocks. */
const TRAFFIC = recordedTraffic(9, 400);

let folder: string;
let databases = 0;
const open: SchemaStore[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-recordings-'));
});
afterAll(async () => {
  for (const store of open) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function freshStore(): Promise<SchemaStore> {
  const database = `test_${databases++}`;
  const store = await openEmbeddedStore({ path: folder, database, threadPoolSize: 16, durable: false });
  open.push(store);
  return store;
}

async function rebuilt(log: Log): Promise<Readonly<Record<string, string>>> {
  const store = await freshStore();
  await (await foldAll(log, store)).stop();
  return digestsOf(store);
}

/** Appends it in parts, each folded before the next is there. */
async function foldInParts(
  log: Log,
  requests: readonly AppendRequest[],
  size: number,
  fold: () => Promise<Engine>,
): Promise<void> {
  for (let from = 0; from < requests.length; from += size) {
    await log.append('ocpp.frames', requests.slice(from, from + size));
    await (await fold()).stop();
  }
}

describe('the engine, with recordings among what is live', () => {
  it('says what a rebuild says, stopped and started anywhere', async () => {
    const [store, log] = [await freshStore(), createMemoryLog()];
    await foldInParts(log, TRAFFIC, 301, () => foldAll(log, store, { readRecords: 40 }));
    const digests = await digestsOf(store);
    expect(digests).toEqual(await rebuilt(log));
    for (const projection of PROJECTIONS) {
      expect(digests[projection.name]).not.toMatch(/^0 /);
      expect(await digestOfHistory(store, projection)).toBe(digests[projection.name]);
    }
    expect(Object.values(await doubled(store)).every((rows) => rows === 0)).toBe(true);
  });

  it('says the same where all recordings come before what was live, or after it', async () => {
    const isImport = ({ attributes }: AppendRequest) => attributes.witness === 'import';
    const [recorded, live] = [TRAFFIC.filter(isImport), TRAFFIC.filter((one) => !isImport(one))];
    const first = createMemoryLog();
    await first.append('ocpp.frames', TRAFFIC);
    const expected = await rebuilt(first);
    for (const order of [
      [...recorded, ...live],
      [...live, ...recorded],
    ]) {
      const [store, log] = [await freshStore(), createMemoryLog()];
      await foldInParts(log, order, 400, () => foldAll(log, store, { readRecords: 150 }));
      expect(await digestsOf(store)).toEqual(expected);
    }
  });
});
