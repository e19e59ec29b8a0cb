import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { commandAStation } from './pages/command-a-station.ts';
import { importALog } from './pages/import-a-log.ts';
import { putTheTap } from './pages/put-the-tap.ts';
import { blocksOf, pages, ROOT } from './pages/page.ts';
import { Reader } from './pages/reader.ts';
import { readme } from './pages/readme.ts';
import { runAsACluster } from './pages/run-as-a-cluster.ts';
import type { Script, Step } from './pages/script.ts';

/** The pages with commands on them, and how each is gone through. */
const SCRIPTS: Readonly<Record<string, () => Promise<Script>>> = {
  'README.md': readme,
  'docs/how-to/command-a-station.md': commandAStation,
  'docs/how-to/import-a-log.md': importALog,
  'docs/how-to/put-the-tap-before-a-csms.md': putTheTap,
  'docs/how-to/run-as-a-cluster.md': runAsACluster,
};

const leaving: (() => Promise<void>)[] = [];
const nothing = () => Promise.resolve();
// Not in the test: one that takes too long is left where it stands.
afterEach(async () => {
  for (const leave of leaving.splice(0)) await leave();
});

describe('the pages that tell a person what to type', () => {
  it('are all gone through', () => {
    const telling = pages().filter((page) => blocksOf(page).length > 0);
    expect(telling.toSorted()).toEqual(Object.keys(SCRIPTS).toSorted());
  });

  it.each(Object.entries(SCRIPTS))(
    'every command of %s does what it says',
    async (page, prepare) => {
      const script = await prepare();
      const reader = new Reader(page === 'README.md');
      leaving.push(() => reader.leave(), script.close ?? nothing);
      const named = new Set<string>();
      for (const block of blocksOf(page)) {
        const [name, step] = Object.entries(script.steps).find(([begin]) => block.startsWith(begin)) ?? [];
        if (name !== undefined) named.add(name);
        await follow(reader, withOwn(block, script.own), step);
      }
      expect([...named]).toEqual(Object.keys(script.steps));
    },
    180_000,
  );
});

/** In place of an example's names what the reader has. */
const withOwn = (block: string, own: Script['own'] = {}) =>
  Object.entries(own).reduce((text, [said, meant]) => text.replaceAll(said, meant), block);

/** Milliseconds that the tables may be behind what was just said on a wire. */
const PATIENCE = 60_000;

async function follow(reader: Reader, block: string, step: Step = { prints: [] }): Promise<void> {
  if ('stays' in step) await step.then?.(await reader.stays(block, step.stays));
  else if ('prints' in step) holdsAll(await reader.runs(block), step.prints);
  else if ('shows' in step) {
    await vi.waitFor(async () => {
      holdsAll(await reader.runs(block), step.shows);
    }, PATIENCE);
  } else if ('triedBy' in step) {
    expect(readFileSync(join(ROOT, step.triedBy), 'utf8')).toContain(step.words);
  } else expect(step.untried).not.toBe('');
}

function holdsAll(printed: string, promised: readonly RegExp[]): void {
  for (const words of promised) expect(printed).toMatch(words);
}
