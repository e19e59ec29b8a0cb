import { DatabaseSync } from 'node:sqlite';
import type { EffectivePlace } from '@chargeproof/record';

const CACHE_KIBIBYTES = 16 * 1024;
/** So many rows are one transaction. */
const ROWS_AT_ONCE = 10_000;

/**
 * Lines of many stations, put into order: by station, and of each in effective order. What is too much for
 * memory stands in a nameless temporary file, which is gone with the process.
 */
export class EffectiveOrder {
  readonly #database = new DatabaseSync('');
  readonly #insert;
  #rows = 0;

  constructor() {
    this.#database.exec(`
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -${CACHE_KIBIBYTES};
      CREATE TABLE lines (station TEXT, time INTEGER, connection TEXT, sequence INTEGER, line TEXT) STRICT;
      BEGIN;
    `);
    this.#insert = this.#database.prepare('INSERT INTO lines VALUES (?, ?, ?, ?, ?)');
  }

  add(station: string, { time, connection, sequence }: EffectivePlace, line: string): void {
    this.#insert.run(station, time, connection, sequence, line);
    this.#rows += 1;
    if (this.#rows % ROWS_AT_ONCE === 0) this.#database.exec('COMMIT; BEGIN');
  }

  /** To be read once. */
  *lines(): Generator<string> {
    this.#database.exec('COMMIT');
    const sorted = this.#database.prepare(
      'SELECT line FROM lines ORDER BY station, time, connection, sequence, rowid',
    );
    for (const { line } of sorted.iterate()) yield String(line);
  }

  close(): void {
    this.#database.close();
  }
}
