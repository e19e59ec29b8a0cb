import type { LogReader } from '@chargeproof/log';

/** Names under which Nest hands out what is not a class of ours. */
export const STORE = Symbol('store');
/** Folder of the page's files. */
export const PAGE_FOLDER = Symbol('the page');
/** How this API is reached. */
export const EXPOSED = Symbol('exposed');
export const LOG_LENGTH = Symbol('how far the log goes');

export type LogLength = Pick<LogReader, 'end' | 'recordsFrom'>;
