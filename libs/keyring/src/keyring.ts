import { createHash, randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { chmod, link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { SealingKeys } from '@chargeproof/record';
import { readKeyFile, writeKeyFile } from './key-file.ts';

/** The one file beside the log that opens what the log holds sealed. Never in the log, never printed. */
export const KEY_FILE = 'keys.json';

/** The key file cannot be used. The message is one line for the person who started the program. */
export class KeyringUnusable extends Error {
  override readonly name = 'KeyringUnusable';
}

const OWNER_ONLY = 0o600;
const KEY_BYTES = 32;

/**
 * Reads the folder's key file, or creates it (folder included, mode 0600). When it returns, the file and its
 * name are on the disk, so no record can be durable before the key that opens it. Of several processes
 * that create it at once, one wins and all read the same.
 * @throws KeyringUnusable where the file is damaged or cannot be read: nothing is ever written over it
 */
export async function openKeyring(folder: string): Promise<SealingKeys> {
  const highest = await mkdir(folder, { recursive: true });
  const file = join(folder, KEY_FILE);
  const keys = (await read(file)) ?? (await create(folder, file));
  await chmod(file, OWNER_ONLY);
  // Also where another process made it: that one may not have come so far yet.
  await syncNames(folder, highest);
  return keys;
}

/** Makes the names on the way to the key file durable, from the folder up to the highest that was made. */
async function syncNames(folder: string, highest: string | undefined): Promise<void> {
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
export async function readKeyring(folder: string): Promise<SealingKeys> {
  const file = join(folder, KEY_FILE);
  return (
    (await read(file)) ?? unusable(file, 'is missing: what is sealed in this log can be opened with it alone')
  );
}

async function read(file: string): Promise<SealingKeys | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    return unusable(file, `cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  const keys = readKeyFile(text);
  return typeof keys === 'string' ? unusable(file, `is damaged (${keys}): put back a copy of it`) : keys;
}

async function create(folder: string, file: string): Promise<SealingKeys> {
  const key = randomBytes(KEY_BYTES);
  const keys: SealingKeys = {
    current: keyId(key),
    keys: new Map([[keyId(key), key]]),
    standIns: randomBytes(KEY_BYTES),
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

function unusable(file: string, what: string): never {
  throw new KeyringUnusable(`key file ${file} ${what}`);
}

const isCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;
