import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSealer, unseal } from '@chargeproof/record';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEY_FILE, openKeyring, readKeyring } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyring-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const file = () => join(folder, KEY_FILE);

describe('the key file', () => {
  it('is created once, readable by its owner alone, and nothing is left beside it', async () => {
    const first = await openKeyring(join(folder, 'new', 'data'));
    const second = await openKeyring(join(folder, 'new', 'data'));
    expect(second).toEqual(first);
    expect(readdirSync(join(folder, 'new', 'data'))).toEqual([KEY_FILE]);
    expect(statSync(join(folder, 'new', 'data', KEY_FILE)).mode & 0o777).toBe(0o600);
  });

  it('opens in another process what was sealed here', async () => {
    const { value, sealed } = createSealer(await openKeyring(folder)).seal(
      Buffer.from('{"idTag":"T1"}'),
      'text',
    );
    expect(Buffer.from(unseal(value, sealed!, await readKeyring(folder))).toString()).toBe('{"idTag":"T1"}');
  });

  it('is the same for all who create it at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => openKeyring(folder)));
    expect(new Set(all.map(({ current }) => current)).size).toBe(1);
    expect(readdirSync(folder)).toEqual([KEY_FILE]);
  });

  it('differs from folder to folder', async () => {
    mkdirSync(join(folder, 'b'));
    expect(await openKeyring(join(folder, 'b'))).not.toEqual(await openKeyring(folder));
  });

  it('is closed to others again where somebody opened it', async () => {
    await openKeyring(folder);
    chmodSync(file(), 0o644);
    await openKeyring(folder);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('is not made by who only reads', async () => {
    await expect(readKeyring(folder)).rejects.toThrow(/^key file .*keys\.json is missing: .*$/);
    expect(readdirSync(folder)).toEqual([]);
  });

  const damages: readonly (readonly [string, (text: string) => string])[] = [
    ['empty', () => ''],
    ['null', () => 'null'],
    ['cut off', (text) => text.slice(0, -20)],
    ['of zeros', (text) => '\0'.repeat(text.length)],
    ['of another version', (text) => text.replace('"version": 1', '"version": 2')],
    ['without stand-ins', (text) => text.replace('standIns', 'standins')],
    ['with a shorter key', (text) => text.replace(/"standIns": ".{4}/, '"standIns": "')],
    [
      'with a changed key',
      (text) =>
        text.replace(
          /("standIns": ".{5})(.)/,
          (_, before: string, letter: string) => before + (letter === 'A' ? 'B' : 'A'),
        ),
    ],
    ['with another current key', (text) => text.replace(/"current": ".{8}"/, '"current": "00000000"')],
  ];
  it.each(damages)('that is %s is refused in one line and left as it is', async (_what, damage) => {
    await openKeyring(folder);
    const damaged = damage(readFileSync(file(), 'utf8'));
    writeFileSync(file(), damaged);
    for (const opening of [openKeyring, readKeyring]) {
      await expect(opening(folder)).rejects.toThrow(
        expect.objectContaining({
          name: 'KeyringUnusable',
          message: expect.stringMatching(
            /^key file .*keys\.json is damaged \(.+\): put back a copy of it$/,
          ) as string,
        }),
      );
    }
    expect(readFileSync(file(), 'utf8')).toBe(damaged);
  });

  it('that is a folder is refused in one line', async () => {
    mkdirSync(file());
    await expect(openKeyring(folder)).rejects.toThrow(/^key file .*cannot be read .*$/);
  });
});
