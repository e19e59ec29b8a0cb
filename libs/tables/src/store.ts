import type { Row, Scalar, TableDefinition } from './definition.ts';
import type { RowText } from './rows.ts';

/**
 * A query's parameters: `{name:Type}` in the SQL text, as ClickHouse has them. Whole numbers beyond 2^53
 * are text; a number for `DateTime64(6)` is whole microseconds since 1970.
 */
export type Parameters = Readonly<Record<string, Scalar | readonly Scalar[]>>;

/**
 * The store's port: what features may ask of ClickHouse, on either profile. Its one implementation is
 * `libs/store`.
 */
export interface Store {
  /** Creates those that are not there; refuses one of another shape, naming the column. */
  ensureTables(tables: readonly TableDefinition[]): Promise<void>;
  /**
   * Resolves when the rows are in the table (on embedded: fsynced). All or none of them, as long as they
   * are of one month of `monthOf`: each partition is stored whole, one after the other.
   * @throws RowRefused for a value that its column cannot hold, where the rows are not text already
   */
  insert(table: TableDefinition, rows: readonly Row[] | RowText): Promise<void>;
  /**
   * Runs one SELECT. Integers of 64 bits and decimals come back as strings, DateTime64 as whole
   * microseconds where selected through `toUnixTimestamp64Micro`. Bounded in time, memory and rows.
   * @throws StoreError `too-slow` or `too-large` at a bound, `refused` for SQL that is wrong
   */
  select<Result extends object>(
    sql: string,
    parameters?: Parameters,
    limits?: Partial<QueryLimits>,
  ): Promise<readonly Result[]>;
  /** Takes no more work, finishes what runs, and lets go of the store. */
  close(): Promise<void>;
}

/** A store that may also change its tables: for whoever owns them, never for those who only ask. */
export interface SchemaStore extends Store {
  /** Creates the table if it is not there, without asking what shape it has. */
  createTable(table: TableDefinition): Promise<void>;
  /** Runs one statement that gives no rows: DDL, `EXCHANGE TABLES`, `OPTIMIZE`. */
  command(sql: string): Promise<void>;
  /** What makes a table another one than its definition says; undefined where there is no such table. */
  differences(table: TableDefinition): Promise<readonly string[] | undefined>;
}

/** What one query may take. */
export type QueryLimits = {
  readonly seconds: number;
  readonly memoryBytes: number;
  readonly resultRows: number;
};
