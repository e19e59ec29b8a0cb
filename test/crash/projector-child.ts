/**
 * A projector that is killed, or stopped in order by SIGTERM: folds the log of a folder into the store
 * beside it, in small batches. Says `folding` when it has begun and `done` when it has folded all.
 *
 *   node --conditions=@chargeproof/source test/crash/projector-child.ts FOLDER
 */
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import { startEngine } from '@chargeproof/projection';
import { openEmbeddedStore } from '@chargeproof/store';
import { once } from 'node:events';
import { join } from 'node:path';
import { PROJECTIONS } from '@chargeproof/projections';

const [folder = ''] = process.argv.slice(2);
const log = await openSqliteLogReader({ folder: join(folder, 'log') });
const store = await openEmbeddedStore({ path: join(folder, 'store'), database: 'test', threadPoolSize: 16 });
const options = { readRecords: 60, batchRows: 400, statesRecords: 200, rest: 0 };
const engine = await startEngine({ log, store, projections: PROJECTIONS, options });
const stopped = once(process, 'SIGTERM').then(() => 'stopped\n');
process.stdout.write('folding\n');
const processed = engine.whenProcessed(await log.end('ocpp.frames')).then(() => 'done\n');
const how = await Promise.race([processed, stopped]);
processed.catch(() => undefined);
await engine.stop();
await store.close();
await log.close();
process.stdout.write(how, () => process.exit());
