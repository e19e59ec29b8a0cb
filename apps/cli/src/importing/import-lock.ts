import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ImportFailed } from './import-failed.ts';

/**
 * One import at a time per data folder: two would not see each other's ids. SQLite's exclusive lock on a
 * file, which the operating system gives back when the process ends, however it ends.
 * @returns gives it back
 * @throws ImportFailed where another import runs, or the folder cannot be written
 */
export function lockImports(folder: string): () => void {
  const database = openLock(folder);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw new ImportFailed(`another import into ${folder} is under way`, { cause: error });
  }
  return () => {
    database.close();
  };
}

function openLock(folder: string): DatabaseSync {
  try {
    mkdirSync(folder, { recursive: true });
    return new DatabaseSync(join(folder, 'import.lock'), { timeout: 0 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ImportFailed(`the data folder ${folder} cannot be written: ${why}`, { cause: error });
  }
}
