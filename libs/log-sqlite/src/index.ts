export type { SqliteLogOptions, SqliteLogReaderOptions } from './open.ts';
export { openSqliteLog, openSqliteLogReader } from './open.ts';
