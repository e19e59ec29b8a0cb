import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runExport } from '../../e2e/importing/folder.ts';
import { everythingIn } from '../../e2e/sealing/search.ts';
import type { RunResult } from './run.ts';

/**
 * Everything that a run leaves behind, as bytes, by what it is: the data folder with each record and row in it, what
 * the processes said, their temporary and core files, what they showed while they ran, and exports. The answers were
 * all given without the key, and the trace of an export, which is written with it, is not among them.
 */
export async function leftBehind(root: string, { shown }: RunResult): Promise<ReadonlyMap<string, Buffer>> {
  const data = join(root, 'data');
  const { code, stdout, stderr } = await runExport(data, '--format', 'record');
  if (code !== 0) throw new Error(stderr);
  const isBeside = ({ parentPath }: Dirent) => parentPath !== data && !parentPath.startsWith(`${data}/`);
  const beside = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isBeside(entry))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  return new Map([
    ['the data folder', await everythingIn(data)],
    ['logs and temporary files', Buffer.concat(beside)],
    ['answers and metrics', Buffer.from(shown)],
    ['exported records', Buffer.from(stdout)],
  ]);
}
