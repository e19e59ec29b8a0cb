import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lockFile } from './lock-file.ts';

function freshFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

it('is held by one at a time, in a folder that it makes', () => {
  const file = join(freshFolder(), 'data', 'import.lock');
  const unlock = lockFile(file);
  expect(unlock).toBeDefined();
  expect(lockFile(file)).toBeUndefined();
  unlock?.();
  const again = lockFile(file);
  expect(again).toBeDefined();
  again?.();
});

it('does not take a file that cannot be locked for one that another process holds', () => {
  const file = join(freshFolder(), 'import.lock');
  writeFileSync(file, 'what somebody else keeps under that name, and no lock of ours '.repeat(20));
  expect(() => lockFile(file)).toThrow(/^\S+import\.lock cannot be locked: file is not a database$/);
});
