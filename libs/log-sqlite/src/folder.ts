import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LogFailed } from '@chargeproof/log';
import { FORMAT, syncFolder } from './period-file.ts';
import { isPeriodFileName } from './period.ts';

/** What a log's folder says of itself, in `log.json`. */
export type Identity = { readonly format: number; readonly generation: number };

const IDENTITY = 'log.json';
/** Left behind where making the log was cut short before it had its identity. */
const UNFINISHED =
  /^(?:log\.json\.new|owner\.lock|groups\.sqlite|[\dTZ.-]+\.sqlite(?:\.new)?)(?:-journal|-wal|-shm)?$/;

/**
 * @returns undefined for a folder that is empty, or is not there
 * @throws LogFailed, in one line, for a folder of another format or of somebody else
 */
export function readIdentity(folder: string): Identity | undefined {
  const names = namesIn(folder);
  if (names.includes(IDENTITY)) return parseIdentity(folder);
  const foreign = names.find((name) => !UNFINISHED.test(name));
  if (foreign === undefined) return undefined;
  throw new LogFailed(`${folder} is not the folder of a log: it has ${foreign} and no ${IDENTITY}`);
}

export function writeIdentity(folder: string, identity: Identity): void {
  const path = join(folder, IDENTITY);
  const handle = openSync(`${path}.new`, 'w');
  try {
    writeSync(handle, `${JSON.stringify(identity)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(`${path}.new`, path);
  syncFolder(folder);
}

/** The period files, oldest first. */
export const periodFilesIn = (folder: string) => namesIn(folder).filter(isPeriodFileName).sort();

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new LogFailed(`the folder ${folder} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function parseIdentity(folder: string): Identity {
  const path = join(folder, IDENTITY);
  const { format, generation } = parse(path);
  if (format !== FORMAT) {
    throw new LogFailed(
      `the log in ${folder} has format ${String(format)}; this version reads format ${FORMAT}`,
    );
  }
  if (typeof generation !== 'number' || !Number.isSafeInteger(generation)) {
    throw new LogFailed(`${path} names no generation`);
  }
  return { format, generation };
}

function parse(path: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // Said below, in one line.
  }
  throw new LogFailed(`${path} cannot be read: it is not what a log writes there`);
}
