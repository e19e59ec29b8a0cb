import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Takes a lock that the operating system gives back when this process ends, however it ends: SQLite's exclusive
 * one on a file, which is made where it is not there.
 * @returns what gives it back; undefined where another process holds it
 * @throws Error in one line, where the file cannot be made or locked
 */
export function lockFile(file: string): (() => void) | undefined {
  const database = openLock(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isHeld(error)) return undefined;
    throw new Error(`${file} cannot be locked: ${reasonOf(error)}`, { cause: error });
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
    throw new Error(`the data folder ${folder} cannot be written: ${reasonOf(error)}`, { cause: error });
  }
}

const SQLITE_BUSY = 5;
/** A disk that is full, or a file that is none of ours, is nobody else's lock. */
const isHeld = (error: unknown) =>
  (Number((error as { readonly errcode?: unknown }).errcode) & 0xff) === SQLITE_BUSY;
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
