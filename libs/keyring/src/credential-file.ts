import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseStationName, recordKey, stationName, type Subject } from '@chargeproof/record';
import { type CredentialHash, isCredentialHash } from './credential-hash.ts';

/** Stations' credentials by record key. */
export type Credentials = ReadonlyMap<string, CredentialHash>;

/** The credentials file cannot be used. The message is one line and names the file, and the line that is wrong. */
export class CredentialsUnusable extends Error {
  override readonly name = 'CredentialsUnusable';
}

/**
 * The file, read: a line a station, `[tenant/]station:hash`. Lines that are empty or begin with `#` are the
 * owner's own, and stay. @throws CredentialsUnusable
 */
export async function readCredentials(file: string): Promise<Credentials> {
  const credentials = new Map<string, CredentialHash>();
  for (const line of await readLines(file)) {
    if (line.entry !== undefined) credentials.set(recordKey(line.entry.station), line.entry.hash);
  }
  return credentials;
}

/** The stations of the file in its order; none where there is no file. @throws CredentialsUnusable */
export async function listCredentials(file: string): Promise<readonly Subject[]> {
  const lines = await readLinesIfThere(file);
  return lines.flatMap(({ entry }) => (entry === undefined ? [] : [entry.station]));
}

/** Adds or replaces a station's line. @returns whether it replaced one. @throws CredentialsUnusable */
export async function putCredential(file: string, station: Subject, hash: CredentialHash): Promise<boolean> {
  const lines = await readLinesIfThere(file);
  const others = lines.filter((line) => !isOf(line, station));
  await writeLines(file, [...others.map(({ text }) => text), `${stationName(station)}:${hash}`]);
  return others.length < lines.length;
}

/** Takes a station's line out. @returns whether there was one. @throws CredentialsUnusable */
export async function removeCredential(file: string, station: Subject): Promise<boolean> {
  const lines = await readLinesIfThere(file);
  const others = lines.filter((line) => !isOf(line, station));
  if (others.length === lines.length) return false;
  await writeLines(
    file,
    others.map(({ text }) => text),
  );
  return true;
}

type Line = {
  readonly text: string;
  readonly entry?: { readonly station: Subject; readonly hash: CredentialHash };
};

const isOf = ({ entry }: Line, station: Subject) =>
  entry !== undefined && recordKey(entry.station) === recordKey(station);

async function readLines(file: string): Promise<readonly Line[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new CredentialsUnusable(`${file} cannot be read (${codeOf(error)})`, { cause: error });
  }
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => readLine(line.replace(/\r$/, ''), `${file}, line ${index + 1}`));
}

async function readLinesIfThere(file: string): Promise<readonly Line[]> {
  return readLines(file).catch((error: unknown) => {
    if (error instanceof CredentialsUnusable && codeOf(error.cause) === 'ENOENT') return [];
    throw error;
  });
}

function readLine(text: string, place: string): Line {
  if (text.trim() === '' || text.startsWith('#')) return { text };
  const colon = text.indexOf(':');
  const station = colon < 0 ? undefined : parseStationName(text.slice(0, colon));
  const hash = text.slice(colon + 1).trim();
  // What stands there is not quoted: it may be a password that somebody wrote in clear.
  if (station === undefined) throw new CredentialsUnusable(`${place}: no [tenant/]station before a colon`);
  if (!isCredentialHash(hash)) {
    throw new CredentialsUnusable(`${place}: what follows the station is no hash of ours`);
  }
  return { text, entry: { station, hash } };
}

/** Whole or not at all, for its owner alone. */
async function writeLines(file: string, lines: readonly string[]): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.new`;
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(lines.map((line) => `${line}\n`).join(''));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
