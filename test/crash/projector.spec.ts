import { openSqliteLog } from '@chargeproof/log-sqlite';
import { digestOfHistory } from '@chargeproof/projection';
import { openEmbeddedStore } from '@chargeproof/store';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countRows, digestsOf, doubled, foldAll, PROJECTIONS } from '../fixtures/projector.ts';
import { traffic } from './projector-traffic.ts';
import { randomFrom } from './random.ts';

const KILLS = 20;
/** A life is killed at a moment drawn from this long after it began to fold. */
const LONGEST_LIFE_MS = 120;
const SEED = 11;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-kill-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it(
  `holds every record and fact once after ${KILLS} kills at random moments`,
  { timeout: 300_000 },
  async () => {
    const requests = [...traffic({ stations: 30, calls: 3000, seed: SEED, late: 0.1 })];
    const log = await openSqliteLog({ folder: join(folder, 'log') });
    await log.append('ocpp.frames', requests);
    const random = randomFrom(SEED);
    let kills = 0;
    while (kills < KILLS) {
      expect(await killed(random() * LONGEST_LIFE_MS), `all was folded after ${kills} kills`).toBe(true);
      kills++;
    }
    const store = await openEmbeddedStore({
      path: join(folder, 'store'),
      database: 'test',
      threadPoolSize: 16,
    });
    const fresh = await openEmbeddedStore({
      path: join(folder, 'store'),
      database: 'test_fresh',
      threadPoolSize: 16,
    });
    await (await foldAll(log, store)).stop();
    await (await foldAll(log, fresh)).stop();

    expect(await countRows(store, 'records')).toBe(requests.length);
    expect(new Set(Object.values(await doubled(store)))).toEqual(new Set([0]));
    const digests = await digestsOf(store);
    expect(digests).toEqual(await digestsOf(fresh));
    for (const projection of PROJECTIONS)
      expect(await digestOfHistory(store, projection)).toBe(digests[projection.name]);
    await fresh.close();
    await store.close();
    await log.close();
  },
);

/** Lets one life fold for a while and kills it. @returns false where it had ended before */
async function killed(afterMs: number): Promise<boolean> {
  const child = spawn(
    process.execPath,
    ['--conditions=@chargeproof/source', join(import.meta.dirname, 'projector-child.ts'), folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'folding') setTimeout(() => child.kill('SIGKILL'), afterMs);
  }
  const [, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  return signal === 'SIGKILL';
}
