import { existsSync, globSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Where `vite build` of the dashboard lays the page. */
export const SITE = join(import.meta.dirname, '../../../dashboard/dist/site');

export type SiteFile = { readonly type: string; readonly bytes: Uint8Array; readonly gzip: Uint8Array };
/** Path within the site → the file. */
export type Site = ReadonlyMap<string, SiteFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page's files: few, small, and read once. @returns undefined where it is not built */
export function readSite(folder: string): Site | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  const names = globSync('**/*.*', { cwd: folder }).filter((name) => extname(name) in TYPES);
  return new Map(
    names.map((name) => {
      const bytes = readFileSync(join(folder, name));
      return [name, { type: TYPES[extname(name)] ?? '', bytes, gzip: gzipSync(bytes) }];
    }),
  );
}
