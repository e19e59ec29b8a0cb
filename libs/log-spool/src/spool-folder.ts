import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Log, LogReader } from '@chargeproof/log';
import { readNote, writtenNote } from './note-text.ts';
import type { SpoolStore } from './store.ts';

export type SpoolFolderOptions = {
  readonly folder: string;
  /** Makes a log in a folder that is not there yet. */
  readonly create: (folder: string) => Promise<Log>;
  readonly open: (folder: string) => Promise<LogReader>;
};

const SEGMENT = /^segment-(\d{6,})$/;
const NOTE = 'note.json';
const RESERVE = 'reserve';
const REMOVED = '.removed';
/** Closes of some thousands of connections, and what the file system takes besides. */
const RESERVE_BYTES = 4 * 1024 * 1024;

/**
 * A spool in a folder: `segment-NNNNNN`, each a log's folder; `note.json`; `reserve`, room that is given back
 * when the disk is full. Whoever opens it holds the data folder alone.
 */
export function spoolFolder({ folder, create, open }: SpoolFolderOptions): SpoolStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder))
    if (name.endsWith(REMOVED)) rmSync(join(folder, name), { recursive: true });
  const pathOf = (segment: number) => join(folder, `segment-${String(segment).padStart(6, '0')}`);
  return {
    segments: () =>
      readdirSync(folder)
        .flatMap((name) => (isMade(join(folder, name)) ? [Number(SEGMENT.exec(name)?.[1])] : []))
        .filter((segment) => !Number.isNaN(segment))
        .sort((a, b) => a - b),
    async create(segment) {
      // One that was cut short while it was made holds nothing.
      rmSync(pathOf(segment), { recursive: true, force: true });
      const log = await create(pathOf(segment));
      syncFolder(folder);
      return log;
    },
    open: (segment) => open(pathOf(segment)),
    remove(segment) {
      // Under another name first: what is half removed must not be taken for a log.
      renameSync(pathOf(segment), pathOf(segment) + REMOVED);
      rmSync(pathOf(segment) + REMOVED, { recursive: true });
    },
    bytes: (segment) =>
      segment === undefined
        ? bytesIn(folder) - (existsSync(join(folder, RESERVE)) ? RESERVE_BYTES : 0)
        : bytesIn(pathOf(segment)),
    readNote: () => readNote(join(folder, NOTE)),
    writeNote(note) {
      const path = join(folder, NOTE);
      write(`${path}.new`, Buffer.from(writtenNote(note)));
      renameSync(`${path}.new`, path);
      syncFolder(folder);
    },
    freeReserve() {
      if (!existsSync(join(folder, RESERVE))) return false;
      rmSync(join(folder, RESERVE));
      return true;
    },
    keepReserve() {
      if (existsSync(join(folder, RESERVE))) return;
      try {
        write(join(folder, RESERVE), Buffer.alloc(RESERVE_BYTES));
      } catch {
        rmSync(join(folder, RESERVE), { force: true });
      }
    },
  };
}

/** A log's identity is written last: a folder without it was never appended to. */
const isMade = (path: string) => existsSync(join(path, 'log.json'));

function bytesIn(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    // A file of SQLite's may go between the two.
    if (entry.isFile())
      bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

function write(path: string, bytes: Uint8Array): void {
  const handle = openSync(path, 'w', 0o600);
  try {
    // Not writeSync, which writes what there is room for and says so only by its result.
    writeFileSync(handle, bytes);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
