import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newToken, readOwnerFile, writeOwnerFile } from './owner-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'owner-file-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const file = () => join(folder, 'ingest.json');

describe('an owner file', () => {
  it('tells its owner where to ask, and nobody else, and is gone when the owner is', () => {
    const owner = { address: 'http://127.0.0.1:4711', token: newToken() };
    const remove = writeOwnerFile(folder, 'ingest.json', owner);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({ ...owner, pid: process.pid });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['ingest.json']);
    expect(readOwnerFile(folder, 'ingest.json')).toEqual(owner);
    expect(readOwnerFile(folder, 'query.json')).toBeUndefined();
    remove();
    expect(existsSync(file())).toBe(false);
    remove();
  });

  it('of a later owner stays', () => {
    const remove = writeOwnerFile(folder, 'ingest.json', {
      address: 'http://127.0.0.1:1',
      token: newToken(),
    });
    writeOwnerFile(folder, 'ingest.json', { address: 'http://127.0.0.1:2', token: newToken() });
    remove();
    expect(readFileSync(file(), 'utf8')).toContain('http://127.0.0.1:2');
  });
});
