import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { contentOf, drain, isNonDecreasing, isRising, sampleRecord } from '@chargeproof/log/testing';
import { describe, expect, it, vi } from 'vitest';
import { isPeriodFileName } from './period.ts';
import { freshFolder, openLog, openReader } from './testing/folders.ts';

const HOUR = 3_600_000_000;
const NOON = Date.UTC(2026, 10, 21, 12) * 1000;
const periodFiles = (folder: string) => readdirSync(folder).filter(isPeriodFileName).sort();

describe('a log that is opened again', () => {
  it('gives what it was given, goes on above every offset, and never earlier in time', async () => {
    const folder = freshFolder();
    const given = [];
    for (let opening = 0; opening < 4; opening += 1) {
      const log = await openLog({ folder, clock: () => NOON - opening * HOUR });
      const records = Array.from({ length: 5 }, (_, index) => sampleRecord('ST-1', opening * 5 + index));
      await log.append('ocpp.frames', records);
      given.push(...records);
      await log.close();
    }
    const read = await drain(await openReader(folder));
    expect(read.map(contentOf)).toEqual(given.map(contentOf));
    expect(isRising(read.map(({ position }) => position.offset))).toBe(true);
    expect(read.map(({ loggedAt }) => loggedAt)).toEqual(given.map(() => NOON));
  });

  it('counts what is to be read, whatever lies between offsets, for a reader that moves on', async () => {
    const folder = freshFolder();
    const reading = { topic: 'ocpp.frames', maxRecords: 7, maxBytes: 1e6 } as const;
    for (let opening = 0; opening < 3; opening += 1) {
      const log = await openLog({ folder, clock: () => NOON + opening * 24 * HOUR });
      for (let call = 0; call < 4; call += 1) {
        const stations = [1, 2, 3, 4, 5].slice(call);
        await log.append(
          'ocpp.frames',
          stations.map((station) => sampleRecord(`ST-${station}`, call)),
        );
      }
      await log.close();
    }
    const reader = await openReader(folder);
    let next = new Map([...(await reader.end('ocpp.frames')).keys()].map((partition) => [partition, 0]));
    const counts: number[] = [];
    for (;;) {
      counts.push(await reader.recordsFrom('ocpp.frames', next));
      const batch = await reader.read({ ...reading, from: next });
      if (batch.length === 0) break;
      next = new Map([
        ...next,
        ...batch.map(({ position }) => [position.partition, position.offset + 1] as const),
      ]);
    }
    expect(periodFiles(folder)).toHaveLength(3);
    expect(counts).toEqual([42, 35, 28, 21, 14, 7, 0]);
  });

  it('gives no offset twice, though acknowledged records were lost with a damaged tail', async () => {
    const folder = freshFolder();
    const log = await openLog({ folder });
    await log.append('ocpp.frames', [sampleRecord('ST-1', 0)]);
    const [lost] = await log.append('ocpp.frames', [sampleRecord('ST-1', 1)]);
    await log.close();
    const database = new DatabaseSync(join(folder, periodFiles(folder)[0] ?? ''));
    database.exec('DELETE FROM "ocpp.frames" WHERE first = (SELECT max(first) FROM "ocpp.frames")');
    database.close();
    const [position] = await (await openLog({ folder })).append('ocpp.frames', [sampleRecord('ST-1', 2)]);
    expect(position?.offset).toBeGreaterThan(lost?.offset ?? 0);
  });

  it('keeps loggedAt of moved records from going back across an opening', async () => {
    const folder = freshFolder();
    const append = async (sequence: number, loggedat?: number, now = NOON) => {
      const log = await openLog({ folder, clock: () => now });
      await log.append('ocpp.frames', [sampleRecord('ST-1', sequence, 'x', loggedat ? { loggedat } : {})]);
      await log.close();
    };
    await append(0, 100);
    await append(1, 50);
    await append(2, NOON + HOUR, NOON + HOUR);
    await append(3);
    const stamps = (await drain(await openReader(folder))).map(({ loggedAt }) => loggedAt);
    expect(stamps).toEqual([100, 100, NOON + HOUR, NOON + HOUR]);
    expect(isNonDecreasing(stamps)).toBe(true);
  });
});

describe('periods', () => {
  it('begin a file each, which readers and subscribers go on to', async () => {
    const folder = freshFolder();
    let now = NOON;
    const log = await openLog({ folder, periodMicros: HOUR, clock: () => now });
    const reader = await openReader(folder);
    const seen: number[] = [];
    const subscription = reader.subscribe(
      { topic: 'ocpp.frames', from: new Map(), maxRecords: 2, maxBytes: 1 << 20 },
      (batch) => {
        seen.push(...batch.map(({ attributes }) => attributes.sequence ?? -1));
        return Promise.resolve();
      },
    );
    const sequences = Array.from({ length: 30 }, (_, index) => index);
    for (const sequence of sequences) {
      now += (HOUR * 3) / 10;
      await log.append('ocpp.frames', [sampleRecord('ST-1', sequence)]);
    }
    await vi.waitFor(
      () => {
        expect(seen).toEqual(sequences);
      },
      { timeout: 10_000, interval: 5 },
    );
    await subscription.close();
    expect(periodFiles(folder)).toHaveLength(10);
    expect(periodFiles(folder).at(0)).toBe('2026-11-21T12-00-00Z.sqlite');
    expect(periodFiles(folder).at(-1)).toBe('2026-11-21T21-00-00Z.sqlite');
    expect((await drain(log)).map(({ attributes }) => attributes.sequence)).toEqual(sequences);
    const end = await (await openReader(folder)).end('ocpp.frames');
    expect(await drain(reader, 'ocpp.frames', end)).toEqual([]);
  });

  it('do not come back when the clock steps back', async () => {
    const folder = freshFolder();
    const times = [NOON, NOON + HOUR, NOON];
    let at = 0;
    const log = await openLog({ folder, periodMicros: HOUR, clock: () => times[at] ?? NOON });
    for (at = 0; at < times.length; at += 1) await log.append('ocpp.frames', [sampleRecord('ST-1', at)]);
    expect(periodFiles(folder)).toHaveLength(2);
    expect((await drain(log)).map(({ attributes }) => attributes.sequence)).toEqual([0, 1, 2]);
  });

  it('lead readers on, though the owner was killed between making a file and naming it', async () => {
    const folder = freshFolder();
    let now = NOON;
    const options = { folder, periodMicros: HOUR, clock: () => now };
    const log = await openLog(options);
    await log.append('ocpp.frames', [sampleRecord('ST-1', 0)]);
    const reader = await openReader(folder);
    now += HOUR;
    await log.append('ocpp.frames', [sampleRecord('ST-1', 1)]);
    await log.close();
    const [first = ''] = periodFiles(folder);
    const database = new DatabaseSync(join(folder, first));
    database.exec('DELETE FROM next_file');
    database.close();
    expect(await drain(reader)).toHaveLength(1);
    await openLog(options);
    expect(await drain(reader)).toHaveLength(2);
  });
});
