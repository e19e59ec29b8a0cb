import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TransactionIdFile } from './transaction-id-file.ts';

let folder: string;
let file: string;
let failures: Error[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-ids-'));
  file = join(folder, 'ids.json');
  failures = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const YEAR_2026 = Date.UTC(2026, 0, 1) * 1000;
const SECONDS_TO_2026 = 365 * 24 * 3600;
const open = (wall = 0) =>
  new TransactionIdFile({ file, wall: () => wall, onFailure: (error) => failures.push(error) });
const taken = (ids: TransactionIdFile, count: number) => Array.from({ length: count }, () => ids.take());

describe('transaction ids', () => {
  it('are never given twice, however often the process dies', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1500), { maxLength: 6 }), (runs) => {
        rmSync(file, { force: true });
        // Each run ends as a kill does: nothing is told to it.
        const all = runs.flatMap((count) => taken(open(), count));
        expect(new Set(all).size).toBe(all.length);
        expect(all.every((id) => id !== undefined && id >= 1 && id < 2 ** 31)).toBe(true);
      }),
      { numRuns: 20 },
    );
    expect(failures).toEqual([]);
  });

  it('are on the disk before they are given', () => {
    const id = open().take() ?? Number.NaN;
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ reservedBefore: id + 1000 });
  });

  it('begin beyond what an older copy of the folder gave, and never go back with the clock', () => {
    expect(open(YEAR_2026).take()).toBe(SECONDS_TO_2026);
    rmSync(file);
    expect(open(YEAR_2026 + 3600e6).take()).toBe(SECONDS_TO_2026 + 3600);
    expect(open(0).take()).toBe(SECONDS_TO_2026 + 3600 + 1000);
  });

  it('are not used up by a clock that stands in the year 2099', () => {
    expect(open(Date.UTC(2099, 0, 1) * 1000).take()).toBe(1);
  });

  it('end at 2^31 - 1, and then there are none', () => {
    writeFileSync(file, `{"reservedBefore":${2 ** 31 - 2}}\n`);
    expect(taken(open(), 3)).toEqual([2 ** 31 - 2, 2 ** 31 - 1, undefined]);
    expect(open().take()).toBeUndefined();
    expect(failures[0]?.message).toMatch(/all transaction ids up to 2147483647 are given$/);
  });

  it('cannot be had where nothing can be written, and can again when it can', () => {
    mkdirSync(`${file}.new`);
    const ids = open();
    expect(ids.take()).toBeUndefined();
    expect(failures).toHaveLength(1);
    rmdirSync(`${file}.new`);
    expect(ids.take()).toBe(1);
  });

  it.each(['', '{}', '{"reservedBefore":0}\n', '{"reservedBefore":2147483649}\n', '{"reservedBefore":1'])(
    'are refused in one line where the file says %j',
    (content) => {
      writeFileSync(file, content);
      expect(open).toThrow(/^\S+ids\.json is damaged: [^\n]+$/);
    },
  );
});
