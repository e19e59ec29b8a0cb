import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog } from '@chargeproof/log';
import { createSealer, runId, unseal } from '@chargeproof/record';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  agreeOnKey,
  checkKey,
  eraseKey,
  KEY_FILE,
  type Keyring,
  openKeyring,
  readKeyring,
  rereadKeyring,
  rotateKey,
  takeKeys,
} from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'change-keys-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const FRAME = Buffer.from('[2,"1","Authorize",{"idTag":"Tag-1"}]');
const sealedWith = (keys: Keyring) => {
  const { value, sealed } = createSealer(keys).seal(FRAME, 'text');
  if (sealed === undefined) throw new Error('nothing was sealed');
  return { value, sealed };
};
const opened = ({ value, sealed }: ReturnType<typeof sealedWith>, keys: Keyring) =>
  Buffer.from(unseal(value, sealed, keys)).toString();

describe('rotating', () => {
  it('seals with the new key, opens with the old one, and keeps equal tags equal', async () => {
    const before = await openKeyring(folder);
    const old = sealedWith(before);
    const after = await rotateKey(folder);
    expect(await readKeyring(folder)).toEqual(after);
    const fresh = sealedWith(after);
    expect(fresh.sealed.values[0]?.key).toBe(after.current);
    expect(after.current).not.toBe(before.current);
    expect(fresh.value).toEqual(old.value);
    expect(fresh.sealed.values[0]?.ciphertext).not.toBe(old.sealed.values[0]?.ciphertext);
    for (const each of [old, fresh]) expect(opened(each, after)).toBe(FRAME.toString());
    expect(() => opened(fresh, before)).toThrow(`the keyring has no key ${after.current}`);
    const frame = { tenant: 't', station: 's', time: '2026-01-01', value: FRAME, ordinal: 0 };
    expect(createSealer(after).importId(frame)).toBe(createSealer(before).importId(frame));
    expect(readdirSync(folder)).toEqual([KEY_FILE]);
    expect(statSync(join(folder, KEY_FILE)).mode & 0o777).toBe(0o600);
  });

  it('does nothing while somebody else changes the file, and says what to do', async () => {
    const keys = await openKeyring(folder);
    writeFileSync(join(folder, `${KEY_FILE}.new`), '');
    await expect(rotateKey(folder)).rejects.toThrow(/keys\.json is being changed: if by nobody, remove \S+/);
    expect(await readKeyring(folder)).toEqual(keys);
    rmSync(join(folder, `${KEY_FILE}.new`));
    const many = await Promise.allSettled([rotateKey(folder), rotateKey(folder), rotateKey(folder)]);
    const done = many.filter(({ status }) => status === 'fulfilled').length;
    expect((await readKeyring(folder)).keys.size).toBe(1 + done);
  });

  it('is of a file that is there', async () => {
    await expect(rotateKey(join(folder, 'none'))).rejects.toThrow(/is missing/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('erasing', () => {
  it('leaves no byte of the key, and says that it is gone where one asks for what it sealed', async () => {
    const before = await openKeyring(folder);
    const old = sealedWith(before);
    await rotateKey(folder);
    const after = await eraseKey(folder, before.current);
    const [key = new Uint8Array()] = before.keys.values();
    expect(readFileSync(join(folder, KEY_FILE), 'utf8')).not.toContain(Buffer.from(key).toString('base64'));
    expect(() => opened(old, after)).toThrow(
      new RegExp(`^key ${before.current} was erased on \\d{4}-\\d\\d-\\d\\d: what it sealed can no longer`),
    );
    expect(sealedWith(after).value).toEqual(old.value);
    expect(await eraseKey(folder, before.current)).toEqual(after);
    expect(await readKeyring(folder)).toEqual(after);
  });

  it('is not of the current key, nor of one that is not there', async () => {
    const { current } = await openKeyring(folder);
    await expect(eraseKey(folder, current)).rejects.toThrow(/rotate first/);
    await expect(eraseKey(folder, 'abc')).rejects.toThrow(`has no key "abc"; it has ${current}`);
  });

  it('leaves the file the one that its log names', async () => {
    const log = createMemoryLog();
    const keys = await openKeyring(folder);
    await agreeOnKey(log, { folder, keys }, { run: runId(1, 'aaaaaa'), time: 1 });
    await checkKey(log, { folder, keys: await rotateKey(folder) });
    await checkKey(log, { folder, keys: await eraseKey(folder, keys.current) });
  });
});

describe('taking over what became of a copy', () => {
  const copyOf = (name: string) => {
    cpSync(join(folder, 'a'), join(folder, name), { recursive: true });
    return join(folder, name);
  };

  it('brings new keys and the erasing of old ones, whichever copy they were made in', async () => {
    const a = join(folder, 'a');
    const first = await openKeyring(a);
    const b = copyOf('b');
    const inA = await rotateKey(a);
    await eraseKey(a, first.current);
    const inB = await rotateKey(b);
    const both = await takeKeys(b, join(a, KEY_FILE));
    expect([...both.keys.keys()].sort()).toEqual([inA.current, inB.current].sort());
    expect([...both.erased.keys()]).toEqual([first.current]);
    expect(opened(sealedWith(inA), both)).toBe(FRAME.toString());
    const back = await takeKeys(a, join(b, KEY_FILE));
    expect(back.keys).toEqual(new Map([...back.keys].map(([id]) => [id, both.keys.get(id)])));
    expect(back.current).toBe(both.current);
  });

  it('is not of a stranger', async () => {
    await openKeyring(join(folder, 'a'));
    await openKeyring(join(folder, 'c'));
    await expect(takeKeys(join(folder, 'a'), join(folder, 'c', KEY_FILE))).rejects.toThrow(/is no copy of/);
    await expect(takeKeys(join(folder, 'a'), join(folder, 'none'))).rejects.toThrow(/none is missing/);
  });
});

describe('reading the file anew', () => {
  it('takes what was rotated and erased, and nothing that would lose a key', async () => {
    const first = await openKeyring(folder);
    const copy = readFileSync(join(folder, KEY_FILE));
    const rotated = await rotateKey(folder);
    expect(rereadKeyring(folder, first)).toEqual(rotated);
    const erased = await eraseKey(folder, first.current);
    expect(rereadKeyring(folder, rotated)).toEqual(erased);
    writeFileSync(join(folder, KEY_FILE), copy);
    expect(() => rereadKeyring(folder, erased)).toThrow(`lacks key ${rotated.current}`);
    rmSync(join(folder, KEY_FILE));
    expect(() => rereadKeyring(folder, erased)).toThrow(/cannot be read/);
    await openKeyring(folder);
    expect(() => rereadKeyring(folder, erased)).toThrow(/is another one/);
  });
});
