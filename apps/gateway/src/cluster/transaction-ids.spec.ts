import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog, LogFailed, type Log } from '@chargeproof/log';
import { runId } from '@chargeproof/record';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClaimedTransactionIds } from './claimed-transaction-ids.ts';
import { CLAIM, TransactionIdClaims } from './transaction-id-claims.ts';

let folder: string;
let failures: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-claims-'));
  failures = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

let started = 0;
/** One life of a gateway in a folder of its own. */
const gateway = (name: string, log: Pick<Log, 'append' | 'read'>, least = 1) => {
  started += 1;
  const run = runId(started, 'aaaaaa');
  const claims = new TransactionIdClaims({ log, run, wall: () => started, least: () => least });
  const ids = new ClaimedTransactionIds({
    file: join(folder, name),
    claims,
    onFailure: ({ message }) => failures.push(message),
  });
  return { ids, claims };
};
const taken = ({ ids }: { ids: ClaimedTransactionIds }, count: number) =>
  Array.from({ length: count }, () => ids.take());

describe('transaction ids of gateways that share a log', () => {
  it('never meet, however they start at once, die and go on', async () => {
    const log = createMemoryLog();
    const all: (number | undefined)[] = [];
    for (let life = 0; life < 3; life += 1) {
      const lives = ['a', 'b', 'c'].map((name) => gateway(name, log));
      await Promise.all(lives.map(({ ids }) => ids.ready()));
      for (const each of lives) all.push(...taken(each, 1500));
    }
    expect(all).not.toContain(undefined);
    expect(new Set(all).size).toBe(all.length);
    expect(failures).toEqual([]);
  });

  it('are claimed by whoever stands first in the log, and by the other beyond it', async () => {
    const log = createMemoryLog();
    const [one, other] = await Promise.all(['one', 'other'].map((name) => gateway(name, log).claims.claim()));
    expect(one).toEqual({ from: 1, before: 1 + CLAIM });
    expect(other?.from).toBeGreaterThanOrEqual(1 + CLAIM);
  });

  it('begin beyond what the folder and the clock tell', async () => {
    expect(await gateway('late', createMemoryLog(), 77_000_000).claims.claim()).toMatchObject({
      from: 77_000_000,
    });
  });

  it('last while the log is away, and are claimed before they run out', async () => {
    const log = createMemoryLog();
    let isAway = false;
    const before = gateway('away', {
      read: (request) => log.read(request),
      append: (...asked) => (isAway ? Promise.reject(new LogFailed('away')) : log.append(...asked)),
    });
    await before.ids.ready();
    isAway = true;
    expect(taken(before, CLAIM)).not.toContain(undefined);
    await before.ids.ready();
    expect(taken(before, 1)).toEqual([undefined]);
    expect(failures[0]).toBe('transaction ids cannot be had: away');
    isAway = false;
    await before.ids.ready();
    const again = taken(before, 1);
    expect(again).not.toContain(undefined);
    expect(again[0]).toBeGreaterThan(CLAIM);
  });

  it.each(['', '{}', '{"claimed":[[1]]}\n'])('are refused in one line where the file says %j', (text) => {
    writeFileSync(join(folder, 'bad'), text);
    expect(() => gateway('bad', createMemoryLog())).toThrow(/^\S+bad is damaged: [^\n]+$/);
  });
});
