import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logContract } from '@chargeproof/log/testing';
import { openSqliteLog, openSqliteLogReader } from './open.ts';

logContract('the SQLite log', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'log-sqlite-'));
  const folder = join(parent, 'log');
  return {
    log: await openSqliteLog({ folder }),
    reader: () => openSqliteLogReader({ folder }),
    dispose: () => rm(parent, { recursive: true }),
  };
});
