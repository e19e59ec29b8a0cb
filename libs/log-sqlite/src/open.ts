import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Micros } from '@chargeproof/record';
import type { Log, LogReader } from '@chargeproof/log';
import { LogFailed, LogOwned, wallClock } from '@chargeproof/log';
import { CommittedOffsets } from './committed-offsets.ts';
import type { Identity } from './folder.ts';
import { periodFilesIn, readIdentity, writeIdentity } from './folder.ts';
import { OwnerLock } from './owner-lock.ts';
import { createPeriodFile, FORMAT, PeriodFileWriter, syncFolder } from './period-file.ts';
import { DAY, periodFileName } from './period.ts';
import { reasonOf } from './sqlite-error.ts';
import { SqliteLog } from './sqlite-log.ts';
import { SqliteLogReader } from './sqlite-log-reader.ts';

export type SqliteLogOptions = {
  /** The log's own: made where it is not there, refused where it holds anything else. */
  readonly folder: string;
  /** How long one file is written to, by UTC. A day. */
  readonly periodMicros?: Micros;
  /** A group takes no further call once it holds so many records, or so many bytes. 8,192 and 4 MiB. */
  readonly groupRecords?: number;
  readonly groupBytes?: number;
  /** What one period file may grow to; beyond it appends reject with LogFull. No limit. */
  readonly maxFileBytes?: number;
  /** Wall clock in whole microseconds. */
  readonly clock?: () => Micros;
};

export type SqliteLogReaderOptions = { readonly folder: string };

const FIRST_GENERATION = 0;

/**
 * Opens a folder as its one owner, and makes the log where there is none.
 * @throws LogOwned where another process owns it
 * @throws LogFailed for a folder of another format or of somebody else, and for damage at the log's end
 */
export function openSqliteLog(options: SqliteLogOptions): Promise<Log> {
  return settled(() => {
    const folder = resolve(options.folder);
    const clock = options.clock ?? wallClock;
    const periodMicros = options.periodMicros ?? DAY;
    readIdentity(folder);
    mkdirSync(folder, { recursive: true });
    const lock = new OwnerLock(folder);
    try {
      const identity = prepare(folder, periodFileName(clock(), periodMicros));
      return new SqliteLog(identity.generation, lock, {
        groupRecords: 8192,
        groupBytes: 4 * 1024 * 1024,
        ...options,
        folder,
        clock,
        periodMicros,
      });
    } catch (error) {
      lock.release();
      throw error;
    }
  });
}

/**
 * Opens a folder for reading, while another process may be appending to it.
 * @throws LogFailed where there is no log, or one of another format
 */
export function openSqliteLogReader(options: SqliteLogReaderOptions): Promise<LogReader> {
  return settled(() => {
    const folder = resolve(options.folder);
    const identity = readIdentity(folder);
    if (!identity) throw new LogFailed(`there is no log in ${folder}`);
    return new SqliteLogReader(folder, identity.generation);
  });
}

/** What it throws becomes a rejection; what the system says becomes one line. */
function settled<Opened>(open: () => Opened): Promise<Opened> {
  return new Promise((resolve, reject) => {
    try {
      resolve(open());
    } catch (error) {
      const isOurs = error instanceof LogFailed || error instanceof LogOwned || error instanceof RangeError;
      reject(
        isOurs ? error : new LogFailed(`the log cannot be opened: ${reasonOf(error)}`, { cause: error }),
      );
    }
  });
}

/** Makes what is missing of a log, and mends what an owner that was killed left half done. */
function prepare(folder: string, firstFile: string): Identity {
  let identity = readIdentity(folder);
  if (!identity) {
    if (periodFilesIn(folder).length === 0) createPeriodFile(join(folder, firstFile));
    CommittedOffsets.create(folder);
    identity = { format: FORMAT, generation: FIRST_GENERATION };
    writeIdentity(folder, identity);
    syncFolder(dirname(folder));
  }
  linkLastFiles(folder);
  return identity;
}

/** An owner that was killed between making a file and naming it in the one before left readers waiting there. */
function linkLastFiles(folder: string): void {
  const [newest, before] = periodFilesIn(folder).toReversed();
  if (newest === undefined || before === undefined) return;
  try {
    const file = new PeriodFileWriter(join(folder, before));
    file.follow(newest);
    file.close();
  } catch (error) {
    throw new LogFailed(`the log file ${join(folder, before)} cannot be opened: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
