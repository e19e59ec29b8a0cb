import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const TOOL = new URL('../../tools/built.mjs', import.meta.url).href;
const { isBuilt, markBuilt, sourcesOf } = (await import(TOOL)) as {
  readonly isBuilt: (root: string) => boolean;
  readonly markBuilt: (root: string, sources: string) => void;
  readonly sourcesOf: (root: string) => string;
};

let root: string;
const SOURCE = 'libs/one/src/one.ts';
const NOTE = 'libs/one/dist/tsconfig.tsbuildinfo';
const write = (path: string, text: string) => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'chargeproof-built-'));
  for (const folder of ['apps', 'test', 'node_modules']) mkdirSync(join(root, folder));
  for (const path of ['package-lock.json', 'tsconfig.json', SOURCE, NOTE]) write(path, '{}');
  markBuilt(root, sourcesOf(root));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

it('what was built of the sources as they are is not built again', () => {
  expect(isBuilt(root)).toBe(true);
});

it.each<[string, () => void]>([
  [
    'a source was written',
    () => {
      write(SOURCE, '{ }');
    },
  ],
  [
    'a source was touched',
    () => {
      utimesSync(join(root, SOURCE), 1, 1);
    },
  ],
  [
    'there is another source',
    () => {
      write('libs/one/src/two.ts', '');
    },
  ],
  [
    'a source is gone',
    () => {
      rmSync(join(root, SOURCE));
    },
  ],
  [
    'other packages are asked for',
    () => {
      write('package-lock.json', '{ }');
    },
  ],
  [
    'what was built is gone',
    () => {
      rmSync(join(root, 'libs/one/dist'), { recursive: true });
    },
  ],
])('it is where %s', (_, happens) => {
  happens();
  expect(isBuilt(root)).toBe(false);
});

it('it is where a source was written while it was built', () => {
  const sources = sourcesOf(root);
  write(SOURCE, '{ }');
  markBuilt(root, sources);
  expect(isBuilt(root)).toBe(false);
});
