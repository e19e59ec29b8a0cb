import type {
  Parameters,
  QueryLimits,
  Row,
  SchemaStore,
  TableDefinition,
  TableSettings,
} from '@chargeproof/tables';
import {
  createTableSql,
  decodeText,
  identifier,
  RowText,
  shapeDifferences,
  StoreError,
} from '@chargeproof/tables';
import { bind } from './bind.ts';
import type { Connection, Insert } from './connection.ts';
import { limitSettings, settingsText } from './connection.ts';
import { toStoreError } from './failure.ts';
import type { LaneQueue } from './queue.ts';
import { readShapes } from './read-shapes.ts';

export type StoreParts = {
  /** Inserts and commands. */
  readonly writers: LaneQueue<Connection>;
  readonly readers: LaneQueue<Connection>;
  readonly limits: QueryLimits;
  readonly tableSettings: TableSettings;
  /** Called once, when all work is done. */
  disconnect(): Promise<void>;
};

/** Gives rows as one JSON array, whole numbers beyond 2^53 and decimals as text. */
const RESULT_SETTINGS = {
  output_format_json_array_of_rows: 1,
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  result_overflow_mode: 'throw',
  timeout_overflow_mode: 'throw',
  // One query that reads a table twice must see the same rows twice, whatever is inserted meanwhile.
  enable_shared_storage_snapshot_in_query: 1,
} as const;

/** The store on ClickHouse, whichever way it is reached. */
export class ClickHouseStore implements SchemaStore {
  readonly #parts: StoreParts;
  #closing: Promise<void> | undefined;

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  async ensureTables(tables: readonly TableDefinition[]): Promise<void> {
    const missing = new Set(await this.#refuseOthers(tables));
    if (missing.size === 0) return;
    await Promise.all([...missing].map((table) => this.createTable(table)));
    // Another process may have made one meanwhile, of another version.
    for (const { name } of await this.#refuseOthers([...missing]))
      throw new StoreError('other-shape', `table ${name} is not there, though it was made`);
  }

  /** @returns those that are not there @throws StoreError `other-shape` for one that is, in another shape */
  async #refuseOthers(tables: readonly TableDefinition[]): Promise<readonly TableDefinition[]> {
    const shapes = await readShapes(
      this,
      tables.map(({ name }) => name),
    );
    for (const table of tables) {
      const shape = shapes.get(table.name);
      const differences = shape === undefined ? [] : shapeDifferences(table, shape);
      if (differences.length > 0)
        throw new StoreError(
          'other-shape',
          `table ${table.name} is not of this version: ${differences.join('; ')}`,
        );
    }
    return tables.filter(({ name }) => !shapes.has(name));
  }

  async createTable(table: TableDefinition): Promise<void> {
    await this.command(createTableSql(table, this.#parts.tableSettings));
  }

  async differences(table: TableDefinition): Promise<readonly string[] | undefined> {
    const shape = (await readShapes(this, [table.name])).get(table.name);
    return shape === undefined ? undefined : shapeDifferences(table, shape);
  }

  async insert(table: TableDefinition, rows: readonly Row[] | RowText): Promise<void> {
    const { count, bytes } = rows instanceof RowText ? rows : textOf(table, rows);
    if (count === 0) return;
    const { limits, writers } = this.#parts;
    // One block an insert, however many rows: a block is stored whole or not at all.
    const settings = {
      ...limitSettings(limits),
      async_insert: 0,
      max_insert_block_size: count + 1,
      min_insert_block_size_rows: count + 1,
      min_insert_block_size_bytes: 0,
      input_format_parallel_parsing: 0,
    };
    const insert: Insert = {
      table: identifier(table.name),
      columns: Object.keys(table.columns).map(identifier),
      rows: bytes,
      settings,
      seconds: limits.seconds,
    };
    await writers.run((connection) => failing(connection.insert(insert)));
  }

  async select<Result extends object>(
    sql: string,
    parameters?: Parameters,
    limits?: Partial<QueryLimits>,
  ): Promise<readonly Result[]> {
    const bounds = { ...this.#parts.limits, ...limits };
    const settings = { ...limitSettings(bounds), ...RESULT_SETTINGS };
    const text = `${bind(sql, parameters)}\nFORMAT JSONEachRow SETTINGS ${settingsText(settings)}`;
    const bytes = await this.#parts.readers.run((connection) =>
      failing(connection.run(text, bounds.seconds)),
    );
    return parseRows(decodeText(bytes)) as readonly Result[];
  }

  async command(sql: string): Promise<void> {
    await this.#parts.writers.run((connection) => failing(connection.run(sql, this.#parts.limits.seconds)));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([this.#parts.writers.close(), this.#parts.readers.close()]);
    await this.#parts.disconnect();
  }
}

function textOf(table: TableDefinition, rows: readonly Row[]): RowText {
  const text = new RowText(table);
  for (const row of rows) text.add(row);
  return text;
}

async function failing<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (thrown) {
    throw toStoreError(thrown);
  }
}

/** One SELECT prints one array. Anything before or after it is another statement's, and nobody's rows. */
function parseRows(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StoreError('refused', 'the query is not one SELECT: it printed more than one result', {
      cause,
    });
  }
}
