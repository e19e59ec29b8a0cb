import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog, type Log, type LogReader, type Topic } from '@chargeproof/log';
import { openSqliteLog } from '@chargeproof/log-sqlite';
import { FRAME_PARTITIONS, type LoggedRecord } from '@chargeproof/record';
import { ODD_ATTRIBUTES, sampleRecord } from '@chargeproof/log/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MoveFailed } from './move-failed.ts';
import { moveLog } from './move-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-move-'));
const DAY = 86_400_000_000;
const RECORDS = 2500;
let source: Log;

beforeAll(async () => {
  let time = 1_763_719_200_000_000;
  source = await openSqliteLog({ folder: join(folder, 'source'), clock: () => (time += DAY / 1000) });
  for (let sequence = 0; sequence < RECORDS; sequence += 50) {
    await source.append(
      'ocpp.frames',
      Array.from({ length: 50 }, (_, index) => sampleRecord(`CP-${index % 7}`, sequence + index)),
    );
  }
  const run = { ...sampleRecord('-', 0), key: 'default/-' };
  await source.append(
    'ocpp.frames',
    Array.from({ length: FRAME_PARTITIONS }, (_, partition) => ({ ...run, partition })),
  );
  const value = new Uint8Array([0, 255, 10]);
  await source.append(
    'platform.decisions',
    ODD_ATTRIBUTES.map((attributes) => ({ key: 'default/x', attributes, value })),
  );
});
afterAll(async () => {
  await source.close();
  rmSync(folder, { recursive: true, force: true });
});

const ALL = RECORDS + FRAME_PARTITIONS;
const everything = (log: LogReader, topic: Topic = 'ocpp.frames') =>
  log.read({ topic, from: new Map(), maxRecords: 1e6, maxBytes: 1e9 });

/** Partition → what is in it, in order. */
const byPartition = (records: readonly LoggedRecord[]) =>
  Object.groupBy(
    records.map(({ key, value, loggedAt, attributes: { loggedat: _, ...attributes }, position }) => ({
      key,
      value: Buffer.from(value).toString('latin1'),
      loggedAt,
      attributes,
      partition: position.partition,
    })),
    ({ partition }) => partition,
  );

/** The log as a process sees it that is killed after so many appends. */
function dyingAfter(log: Log, appends: number): Log {
  let left = appends;
  return {
    generation: log.generation,
    append: (...call) => (left-- > 0 ? log.append(...call) : Promise.reject(new Error('killed'))),
    read: log.read.bind(log),
    subscribe: log.subscribe.bind(log),
    commit: log.commit.bind(log),
    committed: log.committed.bind(log),
    end: log.end.bind(log),
    recordsFrom: log.recordsFrom.bind(log),
    close: log.close.bind(log),
  };
}

describe.each([
  ['memory', (_: string) => Promise.resolve<Log>(createMemoryLog())],
  ['SQLite', (name: string) => openSqliteLog({ folder: join(folder, name) })],
])('a log moved to %s', (_, open) => {
  it('is the same there, partition by partition, and as old as it was', async () => {
    const target = await open('whole');
    const report = await moveLog(source, target);
    expect(report['ocpp.frames']).toMatchObject({ records: ALL, copied: ALL });
    for (const topic of ['ocpp.frames', 'platform.decisions'] as const) {
      expect(byPartition(await everything(target, topic))).toEqual(
        byPartition(await everything(source, topic)),
      );
    }
    await target.close();
  });

  it('goes on where it stopped, and once more changes nothing', async () => {
    const target = await open('resumed');
    await expect(moveLog(source, dyingAfter(target, 1))).rejects.toThrow('killed');
    const held = (await everything(target)).length;
    expect(held).toBeGreaterThan(0);
    const resumed = await moveLog(source, target);
    expect(resumed['ocpp.frames']).toMatchObject({ records: ALL, copied: ALL - held });
    const again = await moveLog(source, target);
    expect(again['ocpp.frames']).toEqual({ ...resumed['ocpp.frames'], copied: 0 });
    expect(byPartition(await everything(target))).toEqual(byPartition(await everything(source)));
    await target.close();
  });

  it('is not mixed with what is there already', async () => {
    const target = await open('strange');
    await target.append('ocpp.frames', [sampleRecord('CP-of-another-log', 1)]);
    await expect(moveLog(source, target)).rejects.toThrow(MoveFailed);
    expect(await everything(target)).toHaveLength(1);
    await target.close();
  });

  it('is found out where a record in its midst is another', async () => {
    const target = await open('damaged');
    const [first, ...rest] = (await everything(source)).filter(({ position }) => position.partition === 3);
    const moved = ({ key, attributes, value, loggedAt }: LoggedRecord) => ({
      key,
      attributes: { ...attributes, loggedat: loggedAt },
      value,
      partition: 3,
    });
    await target.append('ocpp.frames', [
      { ...moved(first!), value: new TextEncoder().encode('[2,"0","Forged",{}]') },
      ...rest.map(moved),
    ]);
    await expect(moveLog(source, target)).rejects.toThrow(/not the same in both logs/);
    await target.close();
  });
});
