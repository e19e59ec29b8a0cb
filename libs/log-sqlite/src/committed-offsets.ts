import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Offsets, Topic } from '@chargeproof/log';

const BUSY_MILLISECONDS = 10_000;

/**
 * How far each group has come. For lag tools only, so it is not synced: after a power cut it may be a
 * little behind, which is what the store's checkpoint is for.
 */
export class CommittedOffsets {
  readonly #database: DatabaseSync;

  constructor(folder: string) {
    this.#database = new DatabaseSync(join(folder, 'groups.sqlite'), { timeout: BUSY_MILLISECONDS });
    this.#database.exec('PRAGMA synchronous = NORMAL');
  }

  /** By the log's owner, before anyone else opens the folder. */
  static create(folder: string): void {
    const database = new DatabaseSync(join(folder, 'groups.sqlite'), { timeout: BUSY_MILLISECONDS });
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS committed (
        topic TEXT, name TEXT, partition INTEGER, next INTEGER NOT NULL, PRIMARY KEY (topic, name, partition)
      ) STRICT, WITHOUT ROWID`);
    database.close();
  }

  set(topic: Topic, group: string, offsets: Offsets): void {
    const upsert = this.#database.prepare('INSERT OR REPLACE INTO committed VALUES (?, ?, ?, ?)');
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const [partition, next] of offsets) upsert.run(topic, group, partition, next);
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  get(topic: Topic, group: string): Offsets {
    const rows = this.#database
      .prepare('SELECT partition, next FROM committed WHERE topic = ? AND name = ?')
      .all(topic, group);
    return new Map(rows.map(({ partition, next }) => [Number(partition), Number(next)]));
  }

  close(): void {
    this.#database.close();
  }
}
