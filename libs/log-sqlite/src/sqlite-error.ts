import { statfsSync } from 'node:fs';

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const CODES = { busy: 5, ioError: 10, full: 13, cannotOpen: 14 } as const;
/** With less than this left, an input or output error is taken to be for want of room. */
const NO_ROOM_BYTES = 256 * 1024;

/** @returns undefined for what is no error of SQLite */
function primaryCode(error: unknown): number | undefined {
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

export const isBusy = (error: unknown) => primaryCode(error) === CODES.busy;

/** Whether writing failed because the disk, or the file's own limit, is full. */
export function isFull(error: unknown, folder: string): boolean {
  const code = primaryCode(error);
  if (code === CODES.full || (error as NodeJS.ErrnoException).code === 'ENOSPC') return true;
  return (code === CODES.ioError || code === CODES.cannotOpen) && hasNoRoom(folder);
}

function hasNoRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < NO_ROOM_BYTES;
  } catch {
    return false;
  }
}

/** One line that says what SQLite or the system said. */
export function reasonOf(error: unknown): string {
  const { message, errcode } = error as { message?: unknown; errcode?: unknown };
  const text = typeof message === 'string' ? message : String(error);
  return typeof errcode === 'number' ? `${text} (SQLite ${errcode})` : text;
}
