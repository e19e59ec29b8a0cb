import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { chmod, link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Micros, SealingKeys } from '@chargeproof/record';
import { type Keyring, readKeyFile, writeKeyFile } from './key-file.ts';

/** The one file beside the log that opens what the log holds sealed. Never in the log, never printed. */
export const KEY_FILE = 'keys.json';

/** The key file cannot be used. The message is one line for the person who started the program. */
export class KeyringUnusable extends Error {
  override readonly name = 'KeyringUnusable';
}

export const OWNER_ONLY = 0o600;
const KEY_BYTES = 32;

/**
 * Reads the folder's key file, or creates it (folder included, mode 0600). When it returns, the file and its
 * name are on the disk, so no record can be durable before the key that opens it. Of several processes
 * that create it at once, one wins and all read the same.
 * @throws KeyringUnusable where the file is damaged or cannot be read: nothing is ever written over it
 */
export async function openKeyring(folder: string): Promise<Keyring> {
  const highest = await mkdir(folder, { recursive: true });
  const file = join(folder, KEY_FILE);
  const keys = (await read(file)) ?? (await create(folder, file));
  await chmod(file, OWNER_ONLY);
  // Also where another process made it: that one may not have come so far yet.
  await syncNames(folder, highest);
  return keys;
}

/** Makes the names on the way to the key file durable, from the folder up to the highest that was made. */
export async function syncNames(folder: string, highest: string | undefined): Promise<void> {
  const top = highest === undefined ? folder : dirname(highest);
  for (let each = resolve(folder); ; each = dirname(each)) {
    await withFile(each, 'r', (handle) => handle.sync());
    if (each === resolve(top) || each === dirname(each)) return;
  }
}

/**
 * Reads the folder's key file, for a process that does not own the log, or for one whose log holds records
 * already: a new key would open none of them.
 * @throws KeyringUnusable where there is none, or it is damaged
 */
export async function readKeyring(folder: string): Promise<Keyring> {
  const file = join(folder, KEY_FILE);
  return (
    (await read(file)) ?? unusable(file, 'is missing: what is sealed in this log can be opened with it alone')
  );
}

/** @returns undefined where there is no such file. @throws KeyringUnusable */
export async function read(file: string): Promise<Keyring | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    return unusable(file, `cannot be read (${messageOf(error)})`);
  }
  return parsed(file, text);
}

function parsed(file: string, text: string): Keyring {
  const keys = readKeyFile(text);
  return typeof keys === 'string' ? unusable(file, `is damaged (${keys}): put back a copy of it`) : keys;
}

/**
 * What the key file has become since a process read it, for one that goes on running. When it returns, the name of
 * what was read is on the disk: who put it there may not have come so far yet.
 * @throws KeyringUnusable where it is another file, or has lost a key that was not erased
 */
export function rereadKeyring(folder: string, before: SealingKeys): Keyring {
  const file = join(folder, KEY_FILE);
  let keys: Keyring;
  try {
    keys = parsed(file, readFileSync(file, 'utf8'));
    syncFolder(folder);
  } catch (error) {
    if (error instanceof KeyringUnusable) throw error;
    return unusable(file, `cannot be read (${messageOf(error)})`);
  }
  if (!Buffer.from(keys.standIns).equals(before.standIns)) {
    return unusable(file, 'is another one than what this log is sealed with: put that one back');
  }
  const lost = [...before.keys.keys()].find((id) => !keys.keys.has(id) && !keys.erased.has(id));
  return lost === undefined ? keys : unusable(file, `lacks key ${lost}: put back a copy that has it`);
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

async function create(folder: string, file: string): Promise<Keyring> {
  const { id, key, made } = newKey();
  const keys: Keyring = {
    current: id,
    keys: new Map([[id, key]]),
    standIns: randomBytes(KEY_BYTES),
    made: new Map([[id, made]]),
    erased: new Map(),
  };
  const draft = `${file}.${randomBytes(6).toString('hex')}.new`;
  await withFile(draft, 'wx', async (handle) => {
    await handle.writeFile(writeKeyFile(keys));
    await handle.sync();
  });
  try {
    // A link fails where the name is taken; a rename would replace the key that another process just made.
    await link(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
  return readKeyring(folder);
}

/** A key that nobody had. */
export function newKey(): { readonly id: string; readonly key: Uint8Array; readonly made: Micros } {
  const key = randomBytes(KEY_BYTES);
  return { id: keyId(key), key, made: Date.now() * 1000 };
}

async function withFile(
  file: string,
  flags: string,
  use: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(file, flags, OWNER_ONLY);
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}

/** Eight hex digits that tell one key from another and say nothing of it. */
function keyId(key: Uint8Array): string {
  return createHash('sha256').update('chargeproof key id\0').update(key).digest('hex').slice(0, 8);
}

export function unusable(file: string, what: string): never {
  throw new KeyringUnusable(`key file ${file} ${what}`);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
export const isCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;
