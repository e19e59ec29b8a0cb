import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { childEnvironment } from '@chargeproof/config';
import { afterAll, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGES = join(ROOT, 'docs/how-to');
const LAUNCHER = join(ROOT, 'tools/chargeproof.mjs');
const folder = mkdtempSync(join(tmpdir(), 'chargeproof-how-to-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A page's commands, in its order; a reader has the launcher behind `npx`. */
const blocksOf = (page: string) =>
  [...readFileSync(join(PAGES, page), 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) =>
    block.replaceAll('npx chargeproof', `"${process.execPath}" "${LAUNCHER}"`),
  );

/** What a page's commands print, where it promises something. */
const PROMISED: Readonly<Record<string, readonly RegExp[]>> = {
  'import-a-log.md': [
    /^4 frames added, 0 known already/m,
    /^2 frames added, 0 known already/m,
    /^0 frames added, 6 known already/m,
    /"energyWh": "7500"/,
  ],
};

it.each(readdirSync(PAGES).filter((page) => page.endsWith('.md')))(
  'every command of %s does what it says',
  (page) => {
    const blocks = blocksOf(page);
    expect(blocks.length).toBeGreaterThan(0);
    let printed = '';
    for (const block of blocks) {
      const { status, stdout, stderr } = spawnSync('/bin/sh', ['-e', '-c', block], {
        cwd: folder,
        env: childEnvironment({}),
        encoding: 'utf8',
      });
      expect(status, `${block}\n${stderr}`).toBe(0);
      printed += stdout;
    }
    for (const promise of PROMISED[page] ?? []) expect(printed).toMatch(promise);
  },
  60_000,
);
