import { createMemoryLog } from '@chargeproof/log';
import { startEngine } from '@chargeproof/projection';
import type { Projection } from '@chargeproof/projection';
import { connections, coverage, exchanges, frontierNow } from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import type { SchemaStore } from '@chargeproof/tables';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { traffic } from '../crash/projector-traffic.ts';

const PROJECTIONS = [connections, coverage, exchanges] as readonly Projection[];
const ALL = [...traffic({ stations: 6, calls: 60, seed: 4 })];
const behind = { ...connections, version: 7 } as Projection;

let folder: string;
let store: SchemaStore;

async function fold(requests: typeof ALL, projections: readonly Projection[]): Promise<void> {
  const log = createMemoryLog();
  await log.append('ocpp.frames', requests);
  const engine = await startEngine({ log, store, projections });
  await engine.whenProcessed(await log.end('ocpp.frames'));
  await engine.stop();
  await log.close();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-frontier-'));
  store = await openEmbeddedStore({ path: folder, database: 'test', threadPoolSize: 16, durable: false });
  // Another set of projections: one that goes no further, and one that does.
  await fold(ALL.slice(0, 40), [behind, exchanges] as readonly Projection[]);
  await fold(ALL, PROJECTIONS);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const reached = (...answering: readonly unknown[]) => frontierNow(store, answering as readonly Projection[]);

describe('the newest frontier', () => {
  it('is where the furthest behind of the projections that answer stands', async () => {
    const whole = await reached(connections, coverage, exchanges);
    const little = await reached(behind);
    const sum = (next: readonly number[]) => next.reduce((a, b) => a + b, 0);
    expect(sum(little.next)).toBeGreaterThan(0);
    expect(sum(whole.next)).toBeGreaterThan(sum(little.next));
    expect(await reached(connections, behind, exchanges)).toEqual(little);
  });

  it('counts what a projection was folded in another set of them', async () => {
    expect(await reached(exchanges)).toEqual(await reached(connections, coverage, exchanges));
  });

  it('is the beginning while one of them was never folded', async () => {
    expect(await reached(connections, { ...connections, version: 8 })).toEqual({ generation: 0, next: [0] });
  });
});
