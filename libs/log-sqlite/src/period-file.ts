import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import type { Block, Outline, StoredBlock, Total } from './stored-block.ts';
import { storeBlock } from './stored-block.ts';

/** The file format. It is never changed in place: a new one is a new number, and this one stays readable. */
export const FORMAT = 1;
/** `CPlg`: tells our files from other databases. */
const APPLICATION_ID = 0x43506c67;
const TOPICS = ['ocpp.frames', 'platform.decisions'];
const BUSY_MILLISECONDS = 10_000;
const CLOSING_MILLISECONDS = 1000;
const PAGE_BYTES = 8192;
/** The write-ahead log is copied into the file about every 4 MiB, between groups; within one only from 16 MiB on. */
const CHECKPOINT_PAGES = 512;
const FORCED_CHECKPOINT_PAGES = 2048;
/** What a commit writes at least: a leaf of the table, and what stands above it. */
const PAGES_A_COMMIT = 2;
/** Largest offset there is: the end of every search from behind. */
export const BEYOND = Number.MAX_SAFE_INTEGER;

const COLUMNS = 'first, count, partitions, logged_at AS loggedAt, codec, checksum, body';

export class ForeignFile extends Error {
  override readonly name = 'ForeignFile';
}

/**
 * Makes an empty period file that is there whole or not at all. It is in WAL mode from the start: a file
 * that was killed while changing to it would keep out all who only read.
 */
export function createPeriodFile(path: string): void {
  const making = `${path}.new`;
  for (const part of ['', '-journal', '-wal', '-shm']) rmSync(`${making}${part}`, { force: true });
  const database = new DatabaseSync(making);
  try {
    database.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`);
    database.exec('BEGIN; CREATE TABLE next_file (name TEXT NOT NULL) STRICT');
    for (const topic of TOPICS) {
      database.exec(`CREATE TABLE "${topic}" (
        first INTEGER PRIMARY KEY, count INTEGER NOT NULL, partitions INTEGER NOT NULL,
        logged_at INTEGER NOT NULL, codec INTEGER NOT NULL, checksum INTEGER NOT NULL, body BLOB NOT NULL
      ) STRICT`);
    }
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT}; COMMIT`);
  } finally {
    // The last to close copies the write-ahead log into the file, syncs it and removes the log.
    database.close();
  }
  renameSync(making, path);
  syncFolder(dirname(path));
}

export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function open(path: string, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly, timeout: BUSY_MILLISECONDS });
  try {
    const id = number(database.prepare('PRAGMA application_id').get(), 'application_id');
    const format = number(database.prepare('PRAGMA user_version').get(), 'user_version');
    if (id !== APPLICATION_ID) throw new ForeignFile('it is not a file of a Chargeproof log');
    if (format !== FORMAT) throw new ForeignFile(`its format is ${format}; this version reads ${FORMAT}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const number = (row: Record<string, unknown> | undefined, name: string) => Number(row?.[name]);

/** Appends blocks to one period file, each group of them in one transaction that is on disk when it returns. */
export class PeriodFileWriter {
  readonly #database: DatabaseSync;
  readonly #inserts: ReadonlyMap<string, StatementSync>;
  #uncopiedPages = 0;

  /** @param maxBytes what the file may grow to; SQLite answers beyond it as it does when the disk is full */
  constructor(path: string, maxBytes?: number) {
    this.#database = open(path, false);
    this.#database.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${FORCED_CHECKPOINT_PAGES}`);
    if (maxBytes !== undefined) {
      this.#database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / PAGE_BYTES))}`);
    }
    this.#inserts = new Map(
      TOPICS.map((topic) => [
        topic,
        this.#database.prepare(`INSERT INTO "${topic}" VALUES (?, ?, ?, ?, ?, ?, ?)`),
      ]),
    );
  }

  write(blocks: readonly (Block & { readonly topic: string })[]): void {
    const stored = blocks.map((block) => ({ topic: block.topic, block: storeBlock(block) }));
    this.#inTransaction(() => {
      for (const { topic, block } of stored) {
        const { first, count, partitions, loggedAt, codec, checksum, body } = block;
        this.#inserts.get(topic)?.run(first, count, partitions, loggedAt, codec, checksum, body);
        this.#uncopiedPages += Math.ceil(body.length / PAGE_BYTES);
      }
    });
    this.#uncopiedPages += PAGES_A_COMMIT;
  }

  /** Called when nobody waits: copies the write-ahead log into the file, where there is enough of it. */
  tidy(): void {
    if (this.#uncopiedPages < CHECKPOINT_PAGES) return;
    this.#uncopiedPages = 0;
    this.#copyWriteAheadLog('PASSIVE');
  }

  /** Says which file goes on after this one, so that those who read it know that nothing more comes here. */
  follow(name: string): void {
    if (this.#database.prepare('SELECT name FROM next_file').get() !== undefined) return;
    this.#inTransaction(() => {
      this.#database.prepare('INSERT INTO next_file VALUES (?)').run(name);
    });
  }

  /** Leaves the file whole, without a write-ahead log, unless somebody reads it for long just now. */
  close(): void {
    this.#database.exec(`PRAGMA busy_timeout = ${CLOSING_MILLISECONDS}`);
    this.#copyWriteAheadLog('TRUNCATE');
    this.#database.close();
  }

  #copyWriteAheadLog(mode: 'PASSIVE' | 'TRUNCATE'): void {
    try {
      this.#database.exec(`PRAGMA wal_checkpoint(${mode})`);
    } catch {
      // A full disk, for one. What was acknowledged is on disk in the write-ahead log, and is read from there.
    }
  }

  #inTransaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      // On a full disk SQLite may have rolled back by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

type TopicStatements = Readonly<Record<'first' | 'scan' | 'last' | 'outlines' | 'total', StatementSync>>;

/** Reads one period file, while another process may be appending to it. */
export class PeriodFileReader {
  readonly #database: DatabaseSync;
  readonly #topics: ReadonlyMap<string, TopicStatements>;
  readonly #followed: StatementSync;
  readonly #version: StatementSync;

  constructor(path: string) {
    this.#database = open(path, true);
    const prepare = (sql: string) => this.#database.prepare(sql);
    this.#topics = new Map(
      TOPICS.map((topic) => [
        topic,
        {
          first: prepare(`SELECT min(first) AS first FROM "${topic}"`),
          scan: prepare(`SELECT ${COLUMNS} FROM "${topic}"
        WHERE first >= (SELECT coalesce(max(first), 0) FROM "${topic}" WHERE first <= ?)
        AND first + count > ? ORDER BY first`),
          last: prepare(`SELECT ${COLUMNS} FROM "${topic}"
        WHERE first < ? AND first >= ? AND partitions & ? ORDER BY first DESC LIMIT 1`),
          outlines: prepare(`SELECT first, count, partitions FROM "${topic}"
        WHERE first >= (SELECT coalesce(max(first), 0) FROM "${topic}" WHERE first <= ?)
        AND first + count > ? AND first < ? AND partitions & ? ORDER BY first`),
          total:
            prepare(`SELECT coalesce(sum(count), 0) AS records, max(first + count) AS until FROM "${topic}"
        WHERE first >= ? AND first < ?`),
        },
      ]),
    );
    this.#followed = prepare('SELECT count(*) AS count FROM next_file');
    this.#version = prepare('PRAGMA data_version');
  }

  /** Offset of the topic's first record here. */
  first(topic: string): number | undefined {
    const first = this.#statements(topic).first.get()?.first;
    return typeof first === 'number' ? first : undefined;
  }

  /** Blocks in order, from the first that ends after the offset. Reads as one snapshot. */
  scan(topic: string, offset: number): Iterable<StoredBlock> {
    return this.#statements(topic).scan.iterate(offset, offset) as Iterable<unknown> as Iterable<StoredBlock>;
  }

  /** The last block that starts in [from, before) and holds one of the partitions. */
  last(topic: string, partitions: number, from: number, before: number): StoredBlock | undefined {
    return this.#statements(topic).last.get(before, from, partitions) as unknown as StoredBlock | undefined;
  }

  /** Blocks that end after an offset, start before another, and hold one of the partitions, without what is in them. */
  outlines(topic: string, after: number, before: number, partitions: number): readonly Outline[] {
    const rows = this.#statements(topic).outlines.all(after, after, before, partitions);
    return rows as unknown as readonly Outline[];
  }

  /** Records in the blocks that start in [from, before), and the offset after the last of them. */
  total(topic: string, from: number, before: number): Total {
    const row = this.#statements(topic).total.get(from, before);
    return { records: number(row, 'records'), until: Math.max(from, Number(row?.until ?? 0)) };
  }

  /** Whether another file goes on after this one. */
  isFollowed(): boolean {
    return this.#followed.get()?.count !== 0;
  }

  /** A number that changes when somebody else writes to the file. Costs some microseconds. */
  version(): number {
    return number(this.#version.get(), 'data_version');
  }

  close(): void {
    this.#database.close();
  }

  #statements(topic: string): TopicStatements {
    const statements = this.#topics.get(topic);
    if (!statements) throw new RangeError(`there is no topic ${topic}`);
    return statements;
  }
}
