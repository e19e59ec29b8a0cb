import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UnusableSetting } from './settings.ts';

/** Whole or as it was before: when it returns, the file and its name are on the disk. */
export function writeDurably(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.new`;
  withHandle(draft, 'w', (handle) => {
    // Not writeSync, which writes what there is room for and says so only by its result.
    writeFileSync(handle, text);
    fsyncSync(handle);
  });
  renameSync(draft, file);
  withHandle(dirname(file), 'r', fsyncSync);
}

/**
 * As {@link writeDurably}, and nobody else's to read. A long one: others have their turn between its pieces, and each
 * is asked for when it is written.
 */
export async function writeAllDurably(file: string, pieces: Iterable<string>): Promise<void> {
  const draft = `${file}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    for (const piece of pieces) await handle.appendFile(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  withHandle(dirname(file), 'r', fsyncSync);
}

/** @returns undefined where there is no such file. @throws UnusableSetting in one line, where it cannot be read */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UnusableSetting(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function withHandle(path: string, flags: string, use: (handle: number) => void): void {
  const handle = openSync(path, flags);
  try {
    use(handle);
  } finally {
    closeSync(handle);
  }
}
