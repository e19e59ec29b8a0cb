import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoggedRecord } from '@chargeproof/record';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import { drain } from '@chargeproof/log/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CALLS_PER_LIFE } from './log-calls.ts';
import { randomFrom } from './random.ts';
import { Ledger, NO_FAULTS } from './log-ledger.ts';

const KILLS = 110;
/** The whole log is compared after so many kills: it grows, and what one kill loses stays lost. */
const CHECK_EVERY = 25;
const MOST_MILLISECONDS = 60;

/** One life of an appending process: killed at a random moment after its first acknowledgement, or its first request. */
async function liveAndDie(ledger: Ledger, life: Life): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@chargeproof/source',
      `--import=${compileCache(life.folder)}`,
      join(import.meta.dirname, 'log-appender.ts'),
      life.folder,
      ...[life.seed, life.number * CALLS_PER_LIFE].map(String),
      life.mode,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const begun = Promise.withResolvers<undefined>();
  createInterface(child.stdout).on('line', (line) => {
    ledger.note(line);
    if (line.startsWith(life.killAfter)) begun.resolve(undefined);
  });
  const gone = new Promise<string | null>((resolve) => {
    child.once('close', (_code, signal) => {
      begun.resolve(undefined);
      resolve(signal);
    });
  });
  await begun.promise;
  await pause(life.milliseconds);
  child.kill('SIGKILL');
  expect(await gone).toBe('SIGKILL');
  const { inFlight } = ledger;
  ledger.cutShort();
  return inFlight;
}

/** Each life compiles the same sources: with a cache beside the folder it starts three times as fast. */
const compileCache = (folder: string) =>
  `data:text/javascript,${encodeURIComponent(
    `import { enableCompileCache } from 'node:module'; enableCompileCache(${JSON.stringify(`${folder}-compiled`)});`,
  )}`;

type Life = {
  readonly folder: string;
  readonly seed: number;
  readonly number: number;
  readonly mode: 'honest' | 'eager';
  /** `r`: kill from the first request on. `a`: from the first acknowledgement on. */
  readonly killAfter: 'r' | 'a';
  readonly milliseconds: number;
};

function lifeOf(random: () => number, of: Pick<Life, 'folder' | 'seed' | 'number' | 'mode'>): Life {
  return {
    ...of,
    killAfter: random() < 0.2 ? 'r' : 'a',
    milliseconds: Math.floor(random() * MOST_MILLISECONDS),
  };
}

async function readAll(folder: string): Promise<readonly LoggedRecord[]> {
  const reader = await openSqliteLogReader({ folder });
  try {
    return await drain(reader);
  } finally {
    await reader.close();
  }
}

describe('the SQLite log under kill -9', () => {
  let parent = '';
  const seed = Date.now() >>> 0;
  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'log-crash-'));
    console.log(`crash suite of the log: seed ${seed}`);
  });
  afterAll(() => {
    rmSync(parent, { recursive: true, force: true });
  });

  it(`keeps every acknowledged record, in order, once, over ${KILLS} kills; a reader follows throughout`, async () => {
    const folder = join(parent, 'honest');
    const random = randomFrom(seed);
    const ledger = new Ledger(seed);
    const followed: LoggedRecord[] = [];
    const inFlight: number[] = [];
    inFlight.push(await liveAndDie(ledger, lifeOf(random, { folder, seed, number: 0, mode: 'honest' })));
    const reader = await openSqliteLogReader({ folder });
    const subscription = reader.subscribe(
      { topic: 'ocpp.frames', from: new Map(), maxRecords: 1000, maxBytes: 1 << 22 },
      (batch) => {
        followed.push(...batch);
        return Promise.resolve();
      },
    );
    for (let number = 1; number < KILLS; number += 1) {
      inFlight.push(await liveAndDie(ledger, lifeOf(random, { folder, seed, number, mode: 'honest' })));
      if (number % CHECK_EVERY === 0) expect(ledger.check(await readAll(folder))).toEqual(NO_FAULTS);
    }
    const records = await readAll(folder);
    expect(ledger.check(records)).toEqual(NO_FAULTS);
    expect(Math.min(...inFlight)).toBeGreaterThan(0);
    await vi.waitFor(() => {
      expect(followed.length).toBe(records.length);
    }, 30_000);
    await subscription.close();
    await reader.close();
    expect(ledger.check(followed)).toEqual(NO_FAULTS);
    const files = readdirSync(folder).filter((name) => name.endsWith('Z.sqlite')).length;
    console.log(
      `${KILLS} kills, each with ${Math.min(...inFlight)} or more appends in flight; ` +
        `${ledger.acknowledged} calls acknowledged, ${records.length} records in ${files} files`,
    );
  }, 240_000);

  it('control: calls that are acknowledged before the log has them are found lost', async () => {
    const folder = join(parent, 'eager');
    const random = randomFrom(seed + 1);
    const ledger = new Ledger(seed);
    let lost = 0;
    for (let number = 0; number < 20 && lost === 0; number += 1) {
      await liveAndDie(ledger, lifeOf(random, { folder, seed, number, mode: 'eager' }));
      if (existsSync(join(folder, 'log.json'))) lost = ledger.check(await readAll(folder)).lost;
    }
    expect(lost).toBeGreaterThan(0);
  }, 60_000);
});
