import type { QueryLimits } from '@chargeproof/tables';

export type Insert = {
  /** Checked identifiers. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: Buffer;
  readonly settings: StatementSettings;
  readonly seconds: number;
};

/** Settings of one statement. They are written into its text and hold for it alone. */
export type StatementSettings = Readonly<Record<string, number | string>>;

/**
 * One way to ClickHouse. Nothing here takes settings beside the text: what chDB's connection is given as
 * `clickhouse_settings` it runs as `SET`, and that holds for every later statement of the session, so that
 * one insert's deduplication token swallows the next insert.
 */
export interface Connection {
  /** Runs one statement, which bounds itself to so many seconds, and gives all the bytes it prints. */
  run(sql: string, seconds: number): Promise<Buffer>;
  /** Sends rows in JSONCompactEachRow. */
  insert(insert: Insert): Promise<void>;
  close(): Promise<void>;
}

/** Bounds of a query unless it brings its own; for inserts and commands, of time and memory. */
export const DEFAULT_LIMITS: QueryLimits = {
  seconds: 30,
  memoryBytes: 2 * 1024 ** 3,
  resultRows: 1_000_000,
};

/** The bounds that every statement of ours carries, as ClickHouse's settings. */
export function limitSettings(limits: QueryLimits): StatementSettings {
  return {
    max_execution_time: limits.seconds,
    max_memory_usage: limits.memoryBytes,
    max_result_rows: limits.resultRows,
  };
}

/** `a = 1, b = 'x'`. Settings are ours, never a user's: values are numbers or plain words. */
export function settingsText(settings: StatementSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === 'number' ? value : `'${value}'`}`)
    .join(', ');
}
