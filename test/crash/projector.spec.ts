import { openSqliteLog } from '@chargeproof/log-sqlite';
import { digestOfHistory } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countRows, digestsOf, doubled, foldAll } from '../fixtures/projector.ts';
import { mixedTraffic } from './mixed-traffic.ts';
import { randomFrom } from './random.ts';

const LIVES = 14;
/** Every so many lives one is stopped in order. */
const STOPPED_EVERY = 4;
/** A life is ended at a moment drawn from this long after it began to fold. */
const LONGEST_LIFE_MS = 500;
const SEED = 11;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-kill-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it(
  `holds every record and fact once after ${LIVES} lives that were killed or stopped at random moments`,
  { timeout: 300_000 },
  async () => {
    const requests = mixedTraffic({ stations: 20, calls: 3000, seed: SEED, late: 0.1 }, 400);
    const log = await openSqliteLog({ folder: join(folder, 'log') });
    await log.append('ocpp.frames', requests);
    const random = randomFrom(SEED);
    for (let life = 1; life <= LIVES; life++) {
      const signal = life % STOPPED_EVERY === 0 ? 'SIGTERM' : 'SIGKILL';
      expect(await ended(signal, random() * LONGEST_LIFE_MS), `all was folded in ${life} lives`).toBe(signal);
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

/** Lets one life fold for a while and ends it. @returns by what signal; `done` where it had ended before */
async function ended(signal: 'SIGTERM' | 'SIGKILL', afterMs: number): Promise<string | null> {
  const child = spawn(
    process.execPath,
    ['--conditions=@chargeproof/source', join(import.meta.dirname, 'projector-child.ts'), folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  let last = '';
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    if (line === 'folding') setTimeout(() => child.kill(signal), afterMs);
  }
  const [code, killed] = (await exited) as [number | null, NodeJS.Signals | null];
  return last === 'stopped' && code === 0 ? 'SIGTERM' : (killed ?? last);
}
