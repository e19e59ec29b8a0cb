import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataLayout } from '@chargeproof/config';
import type { LogReader, Topic } from '@chargeproof/log';
import { drain } from '@chargeproof/log/testing';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import type { LoggedRecord } from '@chargeproof/record';
import { openEmbeddedStore } from '@chargeproof/store';
import type { Store } from '@chargeproof/tables';
import { readEverything } from '../gateway/recorded.ts';

/**
 * Everything a data folder holds, as bytes: each file as it lies there; and because log and tables are
 * compressed, each record as the log gives it and each row of each table.
 */
export async function everythingIn(folder: string): Promise<Buffer> {
  const records = (await readEverything(folder)).flatMap(bytesOf);
  const { tables } = dataLayout(folder);
  const rows = existsSync(tables) ? await rowsIn(tables) : '';
  return Buffer.concat([...filesIn(folder), ...records, Buffer.from(rows)]);
}

const bytesOf = ({ key, attributes, value }: LoggedRecord) => [
  Buffer.from(`${key} ${JSON.stringify(attributes)}\n`),
  Buffer.from(value),
];

/** Each record of these topics as the log gives it. */
export async function recordsOf(log: LogReader, ...topics: readonly Topic[]): Promise<readonly Buffer[]> {
  const records = await Promise.all(topics.map((topic) => drain(log, topic)));
  return records.flat().flatMap(bytesOf);
}

/** What waits in a spool, file by file and record by record: it is a log for each of its segments. */
export async function spooledIn(folder: string): Promise<readonly Buffer[]> {
  if (!existsSync(folder)) return [];
  const pieces = [...filesIn(folder)];
  for (const name of readdirSync(folder).filter((each) => each.startsWith('segment-'))) {
    const log = await openSqliteLogReader({ folder: join(folder, name) });
    pieces.push(...(await recordsOf(log, 'ocpp.frames')));
    await log.close();
  }
  return pieces;
}

/** Of a broker's folder: indexes beside a segment are megabytes of zeros. */
export const SEGMENTS = /\.log$/;
/** Of a ClickHouse server's folder. */
export const COLUMNS = /\.(?:bin|sql|txt|cidx)$/;

/** Each file below a folder, as it lies there. Of a server that runs, one may go while we read. */
export const filesIn = (folder: string, named = /./): readonly Buffer[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && named.test(entry.name))
    .flatMap((entry) => readIfThere(join(entry.parentPath, entry.name)));

function readIfThere(file: string): readonly Buffer[] {
  try {
    return [readFileSync(file)];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function rowsIn(tables: string): Promise<string> {
  const store = await openEmbeddedStore({ path: tables, threadPoolSize: 16 });
  try {
    return await rowsOf(store);
  } finally {
    await store.close();
  }
}

/** Each row of each table of its database. */
export async function rowsOf(store: Store): Promise<string> {
  const names = await store.select<{ name: string }>(
    'SELECT name FROM system.tables WHERE database = currentDatabase()',
  );
  const rows: string[] = [];
  for (const { name } of names) rows.push(JSON.stringify(await store.select(`SELECT * FROM ${name}`)));
  return rows.join('\n');
}

/** Whether a secret stands there as text, base64 at any alignment, or hex in either case. */
export function isFound(haystack: Buffer, secret: string): boolean {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  return [secret, hex, hex.toUpperCase(), ...base64Cores(bytes)].some((needle) => haystack.includes(needle));
}

/** What base64 of any text that holds these bytes must contain, whichever of three places they begin at. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor(((before + bytes.length) * 8) / 6);
    return encoded.slice(first, last);
  });
}
