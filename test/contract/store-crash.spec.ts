import { threadPoolSize } from '@chargeproof/config';
import { openEmbeddedStore } from '@chargeproof/store';
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { BATCH_ROWS, BATCHES } from '../fixtures/store-writer.ts';

const KILLS = 6;
const WRITER = new URL('../fixtures/store-writer.ts', import.meta.url).pathname;
const path = mkdtempSync(join(tmpdir(), 'chargeproof-crash-'));
const node = (script: string, ...args: string[]) => ['--conditions=@chargeproof/source', script, ...args];
afterAll(() => {
  rmSync(path, { recursive: true, force: true });
});

/** Lets a writer go on from a batch, kills it while it inserts. @returns the last batch it had acknowledged */
async function killedWriter(from: number): Promise<number> {
  const writer = spawn(process.execPath, node(WRITER, path, String(from)), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(writer, 'exit');
  const killAt = from + randomInt(40);
  let last = from - 1;
  for await (const line of createInterface({ input: writer.stdout })) {
    last = Number(line);
    if (last >= killAt) writer.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return last;
}

async function storedBatches() {
  const store = await openEmbeddedStore({ path, threadPoolSize: threadPoolSize() });
  await store.ensureTables([BATCHES]);
  const found = await store.select<{ batch: number; rows: string }>(
    'SELECT batch, count() AS rows FROM batches GROUP BY batch ORDER BY batch',
  );
  await store.close();
  return found;
}

describe('the embedded store', () => {
  it(`keeps every acknowledged insert, and none by half, through ${KILLS} kills`, async () => {
    let acknowledged = -1;
    for (let kill = 0; kill <= KILLS; kill += 1) {
      const stored = await storedBatches();
      expect(stored.every(({ batch, rows }, at) => batch === at && rows === String(BATCH_ROWS))).toBe(true);
      // All that was acknowledged, and at most the one that was in flight.
      expect([acknowledged + 1, acknowledged + 2]).toContain(stored.length);
      if (kill < KILLS) acknowledged = await killedWriter(stored.length);
    }
  });

  it('is refused to a second process, in words', async () => {
    const store = await openEmbeddedStore({ path, threadPoolSize: threadPoolSize() });
    const second = spawnSync(process.execPath, node(WRITER, path, '0'));
    expect(second.status).toBe(1);
    expect(second.stderr.toString()).toContain('cannot be opened: another process has it open');
    await store.close();
  });

  it('says it when this process has another folder open', async () => {
    const store = await openEmbeddedStore({ path, threadPoolSize: threadPoolSize() });
    const other = openEmbeddedStore({ path: `${path}-other`, threadPoolSize: threadPoolSize() });
    await expect(other).rejects.toThrow(/this process has another folder open/);
    await store.close();
  });
});
