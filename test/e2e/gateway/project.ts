import { dataLayout } from '@chargeproof/config';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import { startEngine } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import { openEmbeddedStore } from '@chargeproof/store';
import type { Store } from '@chargeproof/tables';

/** Folds a folder's log into its tables to the log's end, as the query process does, and asks them. */
export async function project<Answer>(
  folder: string,
  ask: (store: Store) => Promise<Answer>,
): Promise<Answer> {
  const { log: logFolder, tables } = dataLayout(folder);
  const log = await openSqliteLogReader({ folder: logFolder });
  const store = await openEmbeddedStore({ path: tables, threadPoolSize: 16 });
  try {
    const engine = await startEngine({ log, store, projections: PROJECTIONS });
    await engine.whenProcessed(await log.end('ocpp.frames'));
    await engine.stop();
    return await ask(store);
  } finally {
    await store.close();
    await log.close();
  }
}
