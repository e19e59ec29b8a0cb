import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Log } from '@chargeproof/log';
import { LogFailed } from '@chargeproof/log';
import { drain, sampleRecord } from '@chargeproof/log/testing';
import { describe, expect, it } from 'vitest';
import { isPeriodFileName } from './period.ts';
import { freshFolder, openLog, openReader } from './testing/folders.ts';

/** Records of each block that is on disk. */
function blockCounts(folder: string): readonly number[] {
  const file = readdirSync(folder).find(isPeriodFileName) ?? '';
  const database = new DatabaseSync(join(folder, file), { readOnly: true });
  try {
    return database
      .prepare('SELECT count FROM "ocpp.frames" ORDER BY first')
      .all()
      .map(({ count }) => Number(count));
  } finally {
    database.close();
  }
}

const appendEach = (log: Log, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, sequence) =>
      log.append('ocpp.frames', [sampleRecord('ST-1', sequence)]),
    ),
  );

describe('group commit', () => {
  it('commits what is appended in one turn of the event loop as one', async () => {
    const folder = freshFolder();
    const log = await openLog({ folder });
    await appendEach(log, 100);
    await log.close();
    expect(blockCounts(folder)).toEqual([100]);
  });

  it('bounds a group in records and in bytes, and keeps a call whole whatever its size', async () => {
    const folder = freshFolder();
    const log = await openLog({ folder, groupRecords: 10, groupBytes: 1000 });
    const large = (sequence: number) => sampleRecord('ST-1', sequence, 'x'.repeat(2000));
    await Promise.all([
      appendEach(log, 4),
      log.append(
        'ocpp.frames',
        Array.from({ length: 15 }, (_, index) => sampleRecord('ST-1', index)),
      ),
      log.append('ocpp.frames', [large(0)]),
      log.append('ocpp.frames', [large(1)]),
    ]);
    await log.close();
    expect(blockCounts(folder)).toEqual([4, 15, 1, 1]);
  });

  it('settles what was appended before it closes, and leaves the file whole', async () => {
    const folder = freshFolder();
    const log = await openLog({ folder, groupRecords: 3 });
    const appended = appendEach(log, 10);
    await log.close();
    expect(await appended).toHaveLength(10);
    expect(
      readdirSync(folder).filter((name) => /-(?:wal|shm|journal)$/.test(name) && name.startsWith('2')),
    ).toEqual([]);
    expect(await drain(await openReader(folder))).toHaveLength(10);
  });

  it('fails for good when its files cannot be written, and rejects all that waits', async () => {
    const folder = freshFolder();
    let now = 0;
    const log = await openLog({ folder, groupRecords: 1, periodMicros: 1_000_000, clock: () => now });
    await log.append('ocpp.frames', [sampleRecord('ST-1', 0)]);
    writeFileSync(
      join(folder, '1970-01-01T00-00-01Z.sqlite'),
      'this is no database, and it is in the way of one',
    );
    now = 1_000_000;
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((sequence) => log.append('ocpp.frames', [sampleRecord('ST-1', sequence)])),
    );
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(LogFailed) as LogFailed });
    }
    await expect(log.append('ocpp.frames', [sampleRecord('ST-1', 4)])).rejects.toThrow(/cannot go on/);
    expect(await drain(log)).toHaveLength(1);
  });
});
