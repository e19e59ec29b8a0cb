import type { Row, Scalar, TableDefinition } from './definition.ts';

/** A query's parameters: `{name:Type}` in the SQL text, as ClickHouse has them. */
export type Parameters = Readonly<Record<string, Scalar | readonly Scalar[]>>;

/**
 * The store's port: what features may ask of ClickHouse, on either profile. Its one implementation is
 * `libs/store`; there is a memory one for the engine's specs.
 */
export interface Store {
  /** Creates the table if it is not there; refuses one of another shape, naming the column. */
  ensureTable(table: TableDefinition): Promise<void>;
  /** Resolves when the rows are in the table (on embedded: fsynced). All or none of them. */
  insert(table: TableDefinition, rows: readonly Row[]): Promise<void>;
  /**
   * Runs one SELECT. Integers of 64 bits and decimals come back as strings, DateTime64 as whole
   * microseconds where selected through `toUnixTimestamp64Micro`. Bounded in time, memory and rows.
   */
  select<Result extends object>(sql: string, parameters?: Parameters): Promise<readonly Result[]>;
  close(): Promise<void>;
}
