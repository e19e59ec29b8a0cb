import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LogFailed, LogOwned } from '@chargeproof/log';
import { isBusy, reasonOf } from './sqlite-error.ts';

/**
 * The right to append to a folder: SQLite's exclusive lock on a file, which the operating system gives
 * back when the process ends, however it ends. No process may read that file by other means while it
 * holds the lock: closing any handle of it would give the lock back (POSIX).
 */
export class OwnerLock {
  /** How many times the folder was opened before. Kept apart from the records, so that no damage to them takes it back. */
  readonly opens: number;
  readonly #database: DatabaseSync;

  /** @throws LogOwned, in one line that names the folder */
  constructor(folder: string) {
    this.#database = new DatabaseSync(join(folder, 'owner.lock'), { timeout: 0 });
    try {
      this.#database.exec(`
        PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL;
        BEGIN EXCLUSIVE;
        CREATE TABLE IF NOT EXISTS opens (count INTEGER NOT NULL) STRICT;
        INSERT INTO opens SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM opens);
      `);
      this.opens = Number(this.#database.prepare('SELECT count FROM opens').get()?.count);
      this.#database.exec('UPDATE opens SET count = count + 1; COMMIT');
    } catch (error) {
      this.#database.close();
      throw isBusy(error)
        ? new LogOwned(`the log in ${folder} is in use: another process owns it`)
        : new LogFailed(`the log in ${folder} cannot be locked: ${reasonOf(error)}`, { cause: error });
    }
  }

  release(): void {
    this.#database.close();
  }
}
