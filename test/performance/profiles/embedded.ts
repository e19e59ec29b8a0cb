import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataLayout, variableName } from '@chargeproof/config';
import { openSqliteLog, openSqliteLogReader } from '@chargeproof/log-sqlite';
import { openEmbeddedStore } from '@chargeproof/store';
import type { Place, Profile } from './profile.ts';

/** As `npm start` has it: SQLite and chDB in one folder, and the query process folds. */
export const embedded: Profile = {
  name: 'embedded',
  readers: ['api'],
  folds: 'api',
  servers: [],
  settings: {},
  place: () => Promise.resolve(newFolder()),
  stop: () => Promise.resolve(),
};

/** Of this bench's own queries: what libuv's pool is started with ({@link file://../../../tools/launch.mjs}). */
const THREAD_POOL = 16;

function newFolder(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'chargeproof-bench-'));
  const layout = dataLayout(folder);
  return {
    folder,
    settings: { [variableName('data', 'folder')]: folder },
    openLog: () => openSqliteLog({ folder: layout.log }),
    openReader: () => openSqliteLogReader({ folder: layout.log }),
    openStore: (database) =>
      openEmbeddedStore({
        path: layout.tables,
        threadPoolSize: THREAD_POOL,
        ...(database !== undefined && { database }),
      }),
    logBytes: () => bytesIn(layout.log),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
