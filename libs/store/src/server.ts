import type { QueryLimits, SchemaStore } from '@chargeproof/tables';
import { identifier } from '@chargeproof/tables';
import type { ClickHouseClient } from '@clickhouse/client';
import { createClient } from '@clickhouse/client';
import { Readable } from 'node:stream';
import { ClickHouseStore } from './clickhouse-store.ts';
import type { Connection, Insert } from './connection.ts';
import { DEFAULT_LIMITS, settingsText } from './connection.ts';
import { toStoreError } from './failure.ts';
import { LaneQueue } from './queue.ts';
import { readAll } from './read-all.ts';

export type ServerStoreOptions = {
  /** `http://host:8123`. */
  readonly url: string;
  /** Made where missing. */
  readonly database: string;
  readonly username?: string;
  readonly password?: string;
  /** How many queries may run at once, 8 unless given; inserts and commands have half as many of their own. */
  readonly readers?: number;
  readonly limits?: Partial<QueryLimits>;
};

/** What a server may take beyond a statement's own limit until we give it up. */
const GRACE_SECONDS = 10;
const givingUp = (seconds: number) => AbortSignal.timeout((seconds + GRACE_SECONDS) * 1000);
/** The client's own time limit, one for all requests: above any statement's. */
const NEVER_MS = 24 * 3600 * 1000;

/**
 * Opens ClickHouse on a server, over HTTP.
 * @throws StoreError `unreachable`, or `refused` for wrong credentials
 */
export async function openServerStore(options: ServerStoreOptions): Promise<SchemaStore> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { database: given, ...address } = options;
  const database = identifier(given);
  const readers = options.readers ?? 8;
  const writers = Math.max(1, Math.ceil(readers / 2));
  await makeDatabase(clientOf(address, limits, 1), database);
  const client = clientOf({ ...address, database }, limits, readers + writers);
  const connection: Connection = new ServerConnection(client);
  return new ClickHouseStore({
    writers: new LaneQueue(Array.from({ length: writers }, () => connection)),
    readers: new LaneQueue(Array.from({ length: readers }, () => connection)),
    limits,
    tableSettings: {},
    disconnect: () => client.close(),
  });
}

async function makeDatabase(client: ClickHouseClient, database: string): Promise<void> {
  try {
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` });
  } catch (thrown) {
    throw toStoreError(thrown);
  } finally {
    await client.close();
  }
}

function clientOf(
  { url, database, username, password }: Omit<ServerStoreOptions, 'database'> & { database?: string },
  limits: QueryLimits,
  connections: number,
): ClickHouseClient {
  return createClient({
    url,
    ...(database === undefined ? {} : { database }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    max_open_connections: connections,
    request_timeout: NEVER_MS,
    // Over HTTP these go with each request and end with it. A result is sent when it is complete, so that
    // an error in its middle is an error, not a broken tail.
    clickhouse_settings: {
      wait_end_of_query: 1,
      max_execution_time: limits.seconds,
      max_memory_usage: String(limits.memoryBytes),
      max_result_rows: String(limits.resultRows),
    },
    log: { level: 127 },
  });
}

class ServerConnection implements Connection {
  readonly #client: ClickHouseClient;

  constructor(client: ClickHouseClient) {
    this.#client = client;
  }

  async run(query: string, seconds: number): Promise<Buffer> {
    const { stream } = await this.#client.exec({ query, abort_signal: givingUp(seconds) });
    return readAll(stream);
  }

  async insert({ table, columns, rows, settings, seconds }: Insert): Promise<void> {
    const into = `${table} (${columns.join(', ')}) SETTINGS ${settingsText(settings)}`;
    const { stream } = await this.#client.exec({
      query: `INSERT INTO ${into} FORMAT JSONCompactEachRow`,
      values: Readable.from([rows], { objectMode: false }),
      abort_signal: givingUp(seconds),
    });
    await readAll(stream);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
