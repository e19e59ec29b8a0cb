import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Log, LogReader } from '@chargeproof/log';
import type { SqliteLogOptions } from '../open.ts';
import { openSqliteLog, openSqliteLogReader } from '../open.ts';

/** A folder, not made yet, that is removed when the test ends. */
export function freshFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'log-sqlite-'));
  onTestFinished(() => {
    rmSync(parent, { recursive: true });
  });
  return join(parent, 'log');
}

/** Opens a log that is closed when the test ends. Closing twice is no error. */
export async function openLog(options: SqliteLogOptions): Promise<Log> {
  const log = await openSqliteLog(options);
  onTestFinished(() => log.close());
  return log;
}

export async function openReader(folder: string): Promise<LogReader> {
  const reader = await openSqliteLogReader({ folder });
  onTestFinished(() => reader.close());
  return reader;
}
