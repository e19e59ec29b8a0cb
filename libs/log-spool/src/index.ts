export type { SpoolStatus, SpooledLogOptions } from './open.ts';
export { openSpooledLog, SpooledLog } from './open.ts';
export type { SpoolFolderOptions } from './spool-folder.ts';
export { spoolFolder } from './spool-folder.ts';
export type { Note, SpoolStore } from './store.ts';
