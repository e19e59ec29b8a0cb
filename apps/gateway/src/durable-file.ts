import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { UnusableSetting } from './settings.ts';

/** Whole or as it was before: when it returns, the file and its name are on the disk. */
export function writeDurably(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.new`;
  withHandle(draft, 'w', (handle) => {
    writeSync(handle, text);
    fsyncSync(handle);
  });
  renameSync(draft, file);
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
