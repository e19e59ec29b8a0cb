import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Keyring, writeKeyFile } from './key-file.ts';
import { isCode, KEY_FILE, newKey, OWNER_ONLY, read, readKeyring, syncNames, unusable } from './keyring.ts';

/**
 * Makes a new key the current one: it seals what comes from now on, and the others go on to open what they sealed.
 * Stand-ins have a key of their own, which stays (decision 19). It is on the disk when this resolves.
 * @throws KeyringUnusable
 */
export function rotateKey(folder: string): Promise<Keyring> {
  return change(folder, (keys) => {
    const { id, key, made } = newKey();
    return {
      ...keys,
      current: id,
      keys: new Map([...keys.keys, [id, key]]),
      made: new Map([...keys.made, [id, made]]),
    };
  });
}

/**
 * Takes a key out of the file for good, and notes when. What it sealed can no longer be opened, unless a copy of
 * the file is left somewhere. To erase one again changes nothing.
 * @throws KeyringUnusable where it is the current key, or none that the file ever had
 */
export function eraseKey(folder: string, id: string): Promise<Keyring> {
  return change(folder, (keys, file) => {
    if (keys.erased.has(id)) return keys;
    if (!keys.keys.has(id)) {
      return unusable(file, `has no key "${id}"; it has ${[...keys.keys.keys()].join(', ')}`);
    }
    if (id === keys.current) {
      return unusable(file, `seals what is new with key ${id}: rotate first, then erase it`);
    }
    const erased = new Map([...keys.erased, [id, Date.now() * 1000]]);
    return without(erased, keys);
  });
}

/**
 * Takes over what became of another copy of the same key file: its new keys, and which it has erased. Of the two
 * current keys the one that was made later is current then.
 * @param other that copy
 * @throws KeyringUnusable where it is none of the same file
 */
export function takeKeys(folder: string, other: string): Promise<Keyring> {
  return change(folder, async (keys, file) => {
    const theirs = (await read(other)) ?? unusable(other, 'is missing');
    if (!Buffer.from(theirs.standIns).equals(keys.standIns)) {
      return unusable(other, `is no copy of ${file}: the two make different stand-ins`);
    }
    const all = {
      ...keys,
      keys: new Map([...theirs.keys, ...keys.keys]),
      made: new Map([...theirs.made, ...keys.made]),
    };
    const left = without(new Map([...theirs.erased, ...keys.erased]), all);
    const current = [keys.current, theirs.current]
      .filter((id) => left.keys.has(id))
      .sort((a, b) => (left.made.get(b) ?? 0) - (left.made.get(a) ?? 0))[0];
    return current === undefined
      ? unusable(other, `has erased the current key of ${file}, which has erased its: rotate there first`)
      : { ...left, current };
  });
}

function without(erased: Keyring['erased'], keys: Keyring): Keyring {
  return { ...keys, erased, keys: new Map([...keys.keys].filter(([id]) => !erased.has(id))) };
}

/**
 * Puts a changed key file in the place of the one that is there, whole or not at all. The draft is the lock too: of
 * two commands at once none undoes the other's.
 */
async function change(
  folder: string,
  changed: (keys: Keyring, file: string) => Keyring | Promise<Keyring>,
): Promise<Keyring> {
  const file = join(folder, KEY_FILE);
  // Before the draft, which would otherwise be made where there is no folder.
  await readKeyring(folder);
  const draft = `${file}.new`;
  const handle = await open(draft, 'wx', OWNER_ONLY).catch((error: unknown) =>
    unusable(
      file,
      isCode(error, 'EEXIST')
        ? `is being changed: if by nobody, remove ${draft}`
        : `cannot be written (${error instanceof Error ? error.message : String(error)})`,
    ),
  );
  let isInPlace = false;
  try {
    const keys = await changed(await readKeyring(folder), file);
    await handle.writeFile(writeKeyFile(keys));
    await handle.sync();
    await rename(draft, file);
    isInPlace = true;
    await syncNames(folder, undefined);
    return keys;
  } finally {
    await handle.close();
    if (!isInPlace) await rm(draft, { force: true });
  }
}
