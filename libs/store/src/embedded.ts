import type { QueryLimits, SchemaStore, TableSettings } from '@chargeproof/tables';
import { identifier, StoreError } from '@chargeproof/tables';
import type { ClickHouseClient, ClickHouseClientConfigOptions } from '@clickhouse/client';
import { createClient } from '@clickhouse/client';
import type { ChdbConnection } from 'chdb/connection';
import { isMainThread } from 'node:worker_threads';
import { ClickHouseStore } from './clickhouse-store.ts';
import type { Connection, Insert } from './connection.ts';
import { DEFAULT_LIMITS, limitSettings, settingsText } from './connection.ts';
import { toStoreError } from './failure.ts';
import { LaneQueue } from './queue.ts';
import { readAll } from './read-all.ts';

export type EmbeddedStoreOptions = {
  /** The data folder. One process may have it open, with as many stores as it likes. */
  readonly path: string;
  /** Made where missing. */
  readonly database?: string;
  /**
   * The process's `UV_THREADPOOL_SIZE`. Every running query holds a thread of that pool, and so does every
   * file the process reads: below 8 a few slow queries stop it.
   */
  readonly threadPoolSize: number;
  /** How many queries may run at once, 2 unless given. */
  readonly readers?: number;
  readonly limits?: Partial<QueryLimits>;
  /** false: tables are made without fsync, which a power cut may cost rows. For tests. */
  readonly durable?: boolean;
};

export const LEAST_THREAD_POOL = 8;

/**
 * What makes an insert durable here. This build removes parts at once when a merge has replaced them, and
 * fsyncs nothing: a power cut could then take old rows with it, not only the last ones.
 */
const DURABLE: TableSettings = {
  fsync_after_insert: 1,
  fsync_part_directory: 1,
  min_rows_to_fsync_after_merge: 1,
  min_compressed_bytes_to_fsync_after_merge: 1,
  old_parts_lifetime: 480,
};

/**
 * Opens ClickHouse inside this process (chDB). Main thread only: chDB ends a process in which it ran in a
 * worker thread with a segmentation fault.
 * @throws StoreError `refused` in a worker thread or with too few pool threads; `unreachable` where another
 * process has the folder open, or this one another folder
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<SchemaStore> {
  const { path, database = 'default', threadPoolSize, readers = 2, durable = true } = options;
  if (!isMainThread) throw new StoreError('refused', 'the embedded store runs on the main thread only');
  if (!(threadPoolSize >= LEAST_THREAD_POOL))
    throw new StoreError(
      'refused',
      `UV_THREADPOOL_SIZE is ${threadPoolSize}: the embedded store needs ${LEAST_THREAD_POOL} or more`,
    );
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const connect = await connector(path, identifier(database), limits);
  // One after the other: the first makes the folder and the database.
  const writer = await connect();
  const pool: Connection[] = [];
  while (pool.length < readers) pool.push(await connect());
  return new ClickHouseStore({
    writers: new LaneQueue([writer]),
    readers: new LaneQueue(pool),
    limits,
    tableSettings: durable ? DURABLE : {},
    disconnect: async () => {
      for (const connection of [...pool, writer]) await connection.close();
    },
  });
}

/** chDB is loaded only here, so that a process on a server never maps its half gigabyte. */
async function connector(path: string, database: string, limits: QueryLimits) {
  const { createChdbConnection } = await import('chdb/connection');
  return async (): Promise<Connection> => {
    const connection = opened(path, createChdbConnection);
    const client = createClient({ connection } as unknown as ClickHouseClientConfigOptions);
    try {
      await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` });
      await client.command({ query: `USE ${database}` });
      // The one SET there is: bounds for statements that take no SETTINGS in their text, as DDL.
      await client.command({ query: `SET ${settingsText(limitSettings(limits))}` });
    } catch (thrown) {
      await client.close();
      throw toStoreError(thrown);
    }
    return new EmbeddedConnection(client, connection);
  };
}

/** chDB prints the reason to the process's error stream and throws none. */
function opened(path: string, open: (options: { path: string }) => ChdbConnection): ChdbConnection {
  try {
    return open({ path });
  } catch (cause) {
    const why = String(cause).includes('only one active data directory')
      ? 'this process has another folder open'
      : 'another process has it open, or it cannot be written';
    throw new StoreError('unreachable', `the store in ${path} cannot be opened: ${why}`, { cause });
  }
}

class EmbeddedConnection implements Connection {
  readonly #client: ClickHouseClient;
  readonly #chdb: ChdbConnection;

  constructor(client: ClickHouseClient, chdb: ChdbConnection) {
    this.#client = client;
    this.#chdb = chdb;
  }

  async run(query: string): Promise<Buffer> {
    try {
      const { stream } = await this.#client.exec({ query });
      return await readAll(stream);
    } catch (thrown) {
      await this.#discard();
      throw thrown;
    }
  }

  /**
   * What a query printed before it failed, chDB puts at the head of the connection's next result. This
   * next result is thrown away.
   */
  async #discard(): Promise<void> {
    const { stream } = await this.#client.exec({ query: 'SELECT 1 FORMAT Null' });
    await readAll(stream);
  }

  /** chDB's own way in for bytes: the client would make one string of statement and rows. */
  async insert({ table, columns, rows, settings }: Insert): Promise<void> {
    const format = 'JSONCompactEachRow';
    await this.#chdb.chdb.rawInsert({ table, columns: [...columns], settings, format, values: rows });
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
