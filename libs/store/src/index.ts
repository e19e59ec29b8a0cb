export { openEmbeddedStore, LEAST_THREAD_POOL } from './embedded.ts';
export type { EmbeddedStoreOptions } from './embedded.ts';
export { openServerStore } from './server.ts';
export type { ServerStoreOptions } from './server.ts';
export { migrate, SCHEMA_MIGRATIONS } from './migrate.ts';
export { startExitWatchdog } from './exit-watchdog.ts';
