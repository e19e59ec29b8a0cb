import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logContract } from '@chargeproof/log/testing';
import { openSqliteLog, openSqliteLogReader } from './open.ts';

logContract('the SQLite log', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'log-sqlite-')), 'log');
  return {
    log: await openSqliteLog({ folder }),
    reader: () => openSqliteLogReader({ folder }),
    dispose: () => rm(folder, { recursive: true }),
  };
});
