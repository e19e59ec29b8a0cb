import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eraseKey, KEY_FILE, openKeyring, rotateKey } from '@chargeproof/keyring';
import { createSealer, StaysSealed } from '@chargeproof/record';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LiveKeys } from './live-keys.ts';

const FRAME = Buffer.from('[2,"1","Authorize",{"idTag":"Tag-1"}]');
let folder: string;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  folder = mkdtempSync(join(tmpdir(), 'live-keys-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

async function live() {
  const first = await openKeyring(folder);
  const told: string[] = [];
  const keys = new LiveKeys({
    folder,
    keys: first,
    onChange: ({ current }) => told.push(current),
    onTrouble: ({ message }) => told.push(message),
  });
  const sealed = () => {
    const { value, sealed } = keys.sealer.seal(FRAME, 'text');
    if (sealed === undefined) throw new Error('nothing was sealed');
    return { value, sealed, key: sealed.values[0]?.key };
  };
  return { first, told, keys, sealed };
}

it('seals with a new key a second after it was made, and opens what either sealed', async () => {
  const { first, told, keys, sealed } = await live();
  const before = sealed();
  const { current } = await rotateKey(folder);
  expect(sealed().key).toBe(first.current);
  vi.advanceTimersByTime(1000);
  const after = sealed();
  expect(after.key).toBe(current);
  expect(after.value).toEqual(before.value);
  for (const each of [before, after]) expect(keys.unseal(each.value, each.sealed)).toEqual(FRAME);
  expect(told).toEqual([current]);
});

it('opens at once what somebody sealed with a key that was just made', async () => {
  const { keys } = await live();
  const { value, sealed } = createSealer(await rotateKey(folder)).seal(FRAME, 'text');
  expect(keys.unseal(value, sealed!)).toEqual(FRAME);
});

it('forgets an erased key', async () => {
  const { first, keys, sealed } = await live();
  const before = sealed();
  await rotateKey(folder);
  await eraseKey(folder, first.current);
  vi.advanceTimersByTime(1000);
  expect(() => keys.unseal(before.value, before.sealed)).toThrow(StaysSealed);
});

it('goes on with what it has where the file is damaged, and says so once', async () => {
  const { first, told, sealed } = await live();
  writeFileSync(join(folder, KEY_FILE), '{');
  vi.advanceTimersByTime(3000);
  expect(sealed().key).toBe(first.current);
  expect(told).toEqual([
    expect.stringMatching(/keys\.json is damaged .*; what was read before goes on to hold$/) as string,
  ]);
});
