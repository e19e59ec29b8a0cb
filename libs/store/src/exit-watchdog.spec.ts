import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const path = mkdtempSync(join(tmpdir(), 'chargeproof-watchdog-'));
afterAll(() => {
  rmSync(path, { recursive: true, force: true });
});

/** Runs a module in a process of its own; gives how it ended. */
async function ran(body: string): Promise<{ code: number | null; signal: string | null }> {
  const from = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  const source = `
    import { openEmbeddedStore } from ${from('embedded.ts')};
    import { startExitWatchdog } from ${from('exit-watchdog.ts')};
    const store = await openEmbeddedStore({ path: ${JSON.stringify(path)}, threadPoolSize: 16 });
    ${body}`;
  const child = spawn(process.execPath, [
    '--conditions=@chargeproof/source',
    '--input-type=module',
    '--eval',
    source,
  ]);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return { code, signal };
}

describe('exit watchdog', () => {
  it('ends a process that a running query keeps from exiting', async () => {
    const ended = await ran(`
      const endless = 'SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))';
      store.select(endless, {}, { seconds: 25 }).catch(() => undefined);
      startExitWatchdog(500);
      setTimeout(() => process.exit(0), 100);`);
    expect(ended).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('lets a process go that ends by itself, called off or not', async () => {
    expect(await ran('startExitWatchdog(20000); await store.close(); process.exitCode = 3;')).toMatchObject({
      code: 3,
    });
    expect(await ran('startExitWatchdog(20000)(); await store.close();')).toMatchObject({ code: 0 });
  });
});
