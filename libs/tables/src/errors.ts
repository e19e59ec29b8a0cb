/** Why the store could not do it, in words that a program may branch on. */
export type StoreFailure =
  /** The query ran into its time limit and was stopped. */
  | 'too-slow'
  /** The result, or the memory it needs, is larger than the query may take. */
  | 'too-large'
  /** The store is closed or closing. */
  | 'closed'
  /** It cannot be opened, nobody answers, or the connection broke: whether an insert took place is unknown. */
  | 'unreachable'
  /** The SQL, or its parameters, are not what ClickHouse accepts. */
  | 'refused'
  /** The table, or the migrations, are not those of this version. */
  | 'other-shape';

/** All that a store throws, apart from {@link RowRefused}. The message never holds the statement's data. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly failure: StoreFailure;
  /** ClickHouse's error code, where it was ClickHouse that refused. */
  readonly code: number | undefined;

  constructor(failure: StoreFailure, message: string, options: { code?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.failure = failure;
    this.code = options.code;
  }
}

/**
 * A row that its table cannot hold as it is. ClickHouse itself would wrap an integer that is too large,
 * round a decimal that is too fine and take null for zero, all without a word; so rows are checked before
 * they are sent, and none of the insert's rows is in the table.
 */
export class RowRefused extends Error {
  override readonly name = 'RowRefused';
  readonly table: string;
  /** Index in the rows given. */
  readonly row: number;
  readonly column: string;

  constructor(table: string, row: number, column: string, why: string) {
    super(`${table}, row ${row}: column ${column} ${why}`);
    this.table = table;
    this.row = row;
    this.column = column;
  }
}
