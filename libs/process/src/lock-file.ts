import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Takes a lock that the operating system gives back when this process ends, however it ends: SQLite's exclusive
 * one on a file, which is made where it is not there.
 * @returns what gives it back; undefined where another process holds it
 * @throws Error in one line, where the file cannot be made
 */
export function lockFile(file: string): (() => void) | undefined {
  const database = openLock(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch {
    database.close();
    return undefined;
  }
  return () => {
    database.close();
  };
}

function openLock(file: string): DatabaseSync {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true });
    return new DatabaseSync(file, { timeout: 0 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the data folder ${folder} cannot be written: ${why}`, { cause: error });
  }
}
