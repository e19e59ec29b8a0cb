import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Of the checkout. */
export const ROOT = resolve(import.meta.dirname, '../../..');
const FOLDERS = ['docs/how-to', 'docs/reference'];

/** The pages that tell a person what to type, by their paths in the checkout. */
export const pages = (): readonly string[] => [
  'README.md',
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];

/** A page's commands: what stands between its fences marked `sh`, in order. */
export const blocksOf = (page: string): readonly string[] =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)].map(
    ([, block = '']) => block,
  );
