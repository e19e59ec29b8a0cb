import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseStationName, recordKey, stationName, type Subject } from '@chargeproof/record';
import { type CredentialHash, isCredentialHash } from './credential-hash.ts';

/** A change takes a few milliseconds; a script that adds a fleet may run many commands at once. */
const PATIENCE_MILLISECONDS = 20_000;
const TURN_MILLISECONDS = 20;

/** OCPP's security profiles (security white paper, 2): basic auth; the same over TLS; a certificate of the station's own. */
export type SecurityProfile = 1 | 2 | 3;

/** What a station has to show: its key, or a certificate that names it. */
export type StationCredential =
  | {
      readonly hash: CredentialHash;
      /** At least, where it is asked more than others. */ readonly profile?: 1 | 2;
    }
  | { readonly profile: 3 };

/** Stations' credentials by record key. */
export type Credentials = ReadonlyMap<string, StationCredential>;

export type ListedCredential = { readonly station: Subject; readonly profile?: SecurityProfile };

/** The credentials file cannot be used. The message is one line and names the file, and the line that is wrong. */
export class CredentialsUnusable extends Error {
  override readonly name = 'CredentialsUnusable';
}

/**
 * The file, read: a line a station, `[tenant/]station:hash`, `[tenant/]station:2:hash` where its profile is its own,
 * or `[tenant/]station:3` where it is known by its certificate. Lines that are empty or begin with `#` are the owner's
 * own, and stay. @throws CredentialsUnusable
 */
export async function readCredentials(file: string): Promise<Credentials> {
  const credentials = new Map<string, StationCredential>();
  for (const { entry } of await readLines(file)) {
    if (entry !== undefined) credentials.set(recordKey(entry.station), entry.credential);
  }
  return credentials;
}

/** The stations of the file in its order; none where there is no file. @throws CredentialsUnusable */
export async function listCredentials(file: string): Promise<readonly ListedCredential[]> {
  const lines = await readLinesIfThere(file);
  return lines.flatMap(({ entry }) => {
    if (entry === undefined) return [];
    const { station, credential } = entry;
    return [{ station, ...(credential.profile !== undefined && { profile: credential.profile }) }];
  });
}

/** Adds or replaces a station's line. @returns whether it replaced one. @throws CredentialsUnusable */
export function putCredential(
  file: string,
  station: Subject,
  credential: StationCredential,
): Promise<boolean> {
  return rewrite(file, station, [`${stationName(station)}:${written(credential)}`]);
}

/** Takes a station's line out. @returns whether there was one. @throws CredentialsUnusable */
export function removeCredential(file: string, station: Subject): Promise<boolean> {
  return rewrite(file, station, []);
}

type Line = {
  readonly text: string;
  readonly entry?: { readonly station: Subject; readonly credential: StationCredential };
};

function written(credential: StationCredential): string {
  if (credential.profile === 3) return '3';
  return credential.profile === undefined ? credential.hash : `${credential.profile}:${credential.hash}`;
}

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
  const credential = readCredential(text.slice(colon + 1).trim());
  // What stands there is not quoted: it may be a password that somebody wrote in clear.
  if (station === undefined) throw new CredentialsUnusable(`${place}: no [tenant/]station before a colon`);
  if (credential === undefined) {
    throw new CredentialsUnusable(`${place}: what follows the station is no hash of ours`);
  }
  return { text, entry: { station, credential } };
}

function readCredential(text: string): StationCredential | undefined {
  if (text === '3') return { profile: 3 };
  const [, own, hash = ''] = /^(?:([12]):)?(.*)$/.exec(text) ?? [];
  if (!isCredentialHash(hash)) return undefined;
  return own === undefined ? { hash } : { hash, profile: own === '1' ? 1 : 2 };
}

/**
 * Puts lines in the place of a station's: whole or not at all, for its owner alone. The draft is the lock too:
 * who makes it is alone with the file until it has the file's name, so of two commands none undoes the other's.
 * @returns whether the station had a line
 */
async function rewrite(file: string, station: Subject, instead: readonly string[]): Promise<boolean> {
  const draft = `${file}.new`;
  const handle = await openDraft(draft, file);
  let isInPlace = false;
  try {
    const lines = await readLinesIfThere(file);
    const others = lines.filter((line) => !isOf(line, station));
    const had = others.length < lines.length;
    if (had || instead.length > 0) {
      const texts = [...others.map(({ text }) => text), ...instead];
      await handle.writeFile(texts.map((text) => `${text}\n`).join(''));
      await handle.sync();
      await rename(draft, file);
      isInPlace = true;
    }
    return had;
  } catch (error) {
    throw error instanceof CredentialsUnusable ? error : unwritable(file, error);
  } finally {
    await handle.close();
    if (!isInPlace) await rm(draft, { force: true });
  }
}

/** Waits for its turn. A draft that is there for long was left by a command that was killed. */
async function openDraft(draft: string, file: string): Promise<FileHandle> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  await mkdir(dirname(file), { recursive: true }).catch((error: unknown) => {
    throw unwritable(file, error);
  });
  for (;;) {
    try {
      return await open(draft, 'wx', 0o600);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw unwritable(file, error);
      if (performance.now() > deadline) {
        throw new CredentialsUnusable(`${file} is being changed: if by nobody, remove ${draft}`);
      }
      await pause(TURN_MILLISECONDS);
    }
  }
}

const unwritable = (file: string, error: unknown) =>
  new CredentialsUnusable(`${file} cannot be written (${codeOf(error)})`, { cause: error });
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
