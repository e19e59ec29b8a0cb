import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '@chargeproof/log';
import { LogFull } from '@chargeproof/log';
import { contentOf, drain, sampleRecord } from '@chargeproof/log/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freshFolder, openLog, openReader } from './testing/folders.ts';

/** Random enough that it does not compress. */
const bulk = (sequence: number) =>
  sampleRecord(
    'ST-1',
    sequence,
    new Uint8Array(20_000).map((_, index) => Math.imul((index + 1) * (sequence + 7), 2_654_435_761) >>> 13),
  );

/** Appends in calls of two until the log is full. @returns the records that were acknowledged */
async function fillUp(log: Log, start: number) {
  const acknowledged = [];
  for (let sequence = start; ; sequence += 2) {
    const call = [bulk(sequence), bulk(sequence + 1)];
    try {
      await log.append('ocpp.frames', call);
      acknowledged.push(...call);
    } catch (error) {
      expect(error).toBeInstanceOf(LogFull);
      return acknowledged;
    }
  }
}

describe('a full log', () => {
  it('at its file limit: refuses the call whole, keeps the rest, and goes on in the next period', async () => {
    const folder = freshFolder();
    let now = 0;
    const log = await openLog({ folder, maxFileBytes: 1_000_000, periodMicros: 1_000_000, clock: () => now });
    const first = await fillUp(log, 0);
    expect(first.length).toBeGreaterThan(10);
    await expect(log.append('ocpp.frames', [bulk(9998), bulk(9999)])).rejects.toThrow(LogFull);
    expect((await drain(log)).map(contentOf)).toEqual(first.map(contentOf));
    now += 1_000_000;
    await log.append('ocpp.frames', [bulk(10_000)]);
    const all = [...first, bulk(10_000)].map(contentOf);
    expect((await drain(await openReader(folder))).map(contentOf)).toEqual(all);
  });

  it('on a full disk: refuses the call whole, keeps the rest, and goes on when there is room', async (context) => {
    const disk = freshFolder();
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]).status === 0;
    context.skip(!mounted, 'mounting a small tmpfs is not permitted here');
    onTestFinished(() => {
      spawnSync('umount', ['--lazy', disk]);
    });
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, new Uint8Array(1_000_000));
    const folder = join(disk, 'log');
    const log = await openLog({ folder });
    const first = await fillUp(log, 0);
    expect(first.length).toBeGreaterThan(10);
    rmSync(ballast);
    const second = await fillUp(log, 1000);
    expect(second.length).toBeGreaterThan(10);
    const all = [...first, ...second].map(contentOf);
    expect((await drain(log)).map(contentOf)).toEqual(all);
    await log.close();
    expect((await drain(await openReader(folder))).map(contentOf)).toEqual(all);
  });
});
