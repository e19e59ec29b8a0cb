import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runId } from '@chargeproof/record';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunFile } from './run-history.ts';

const OLD = runId(1_000_000, 'aaaaaa');
const NEW = runId(2_000_000, 'bbbbbb');

let folder: string;
let troubles: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-run-file-'));
  troubles = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const file = () => join(folder, 'run.json');
const history = (before?: { run: string; endedCleanly: boolean }) =>
  new RunFile({
    file: file(),
    before: () => Promise.resolve(before),
    onTrouble: ({ message }) => troubles.push(message),
  });

describe('the previous run of a folder', () => {
  it('is none in a new one, and in one whose log was moved the last that the log had', async () => {
    expect(await history().previous()).toBeUndefined();
    expect(await history({ run: OLD, endedCleanly: true }).previous()).toEqual({
      run: OLD,
      endedCleanly: true,
    });
  });

  it('is the one that began last, and ended cleanly only where that was noted', async () => {
    history().begun(OLD);
    expect(await history().previous()).toEqual({ run: OLD, endedCleanly: false });
    history().ended(OLD);
    expect(await history().previous()).toEqual({ run: OLD, endedCleanly: true });
    history().begun(NEW);
    expect(await history({ run: OLD, endedCleanly: true }).previous()).toEqual({
      run: NEW,
      endedCleanly: false,
    });
  });

  it.each(['', '{}', `{"run":"${OLD}"}`, 'null'])(
    'is unknown, and told, where the file says %j',
    async (text) => {
      writeFileSync(file(), text);
      expect(await history().previous()).toBeUndefined();
      expect(troubles).toEqual([expect.stringMatching(/run.json is damaged/)]);
    },
  );
});
