import type { LogReader } from '@chargeproof/log';
import { createMemoryLog } from '@chargeproof/log';
import { sampleRecord } from '@chargeproof/log/testing';
import { type Attributes, runId, type LoggedRecord, type RecordType } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { previousRun } from './previous-run.ts';

const OLD = runId(1_000_000, 'aaaaaa');
const NEW = runId(2_000_000, 'bbbbbb');

type Given = readonly [partition: number, source: string, type: RecordType, more?: Partial<Attributes>];

async function logOf(...records: readonly Given[]) {
  const log = createMemoryLog();
  for (const [partition, source, type, more] of records) {
    const record = sampleRecord('ST-1', 0, 'x', { source, type, witness: 'wire', ...more });
    await log.append('ocpp.frames', [{ ...record, partition }]);
  }
  return log;
}

describe('the previous run', () => {
  it('is none in an empty log', async () => {
    expect(await previousRun(createMemoryLog())).toBeUndefined();
  });

  it('ended cleanly when it has the last word wherever it wrote', async () => {
    const log = await logOf(
      [0, OLD, 'recorder.run-stopped.v1'],
      [1, NEW, 'ocpp.frame.v1'],
      [1, NEW, 'recorder.run-stopped.v1'],
      [2, NEW, 'recorder.run-stopped.v1'],
    );
    expect(await previousRun(log)).toEqual({ run: NEW, endedCleanly: true });
  });

  it('did not when one of its partitions ends with anything else', async () => {
    const log = await logOf([1, NEW, 'recorder.run-stopped.v1'], [2, NEW, 'ocpp.frame.v1']);
    expect(await previousRun(log)).toEqual({ run: NEW, endedCleanly: false });
  });

  it('is no import, though that is newer and has the last word', async () => {
    const log = await logOf(
      [1, OLD, 'ocpp.frame.v1'],
      [1, NEW, 'ocpp.frame.v1', { witness: 'import' }],
      [1, NEW, 'recording.ended.v1', { witness: 'import' }],
      [2, OLD, 'recorder.run-stopped.v1'],
    );
    expect(await previousRun(log)).toEqual({ run: OLD, endedCleanly: false });
  });

  it('is one whose records were moved here only where no other ran here', async () => {
    const moved = [1, NEW, 'recorder.run-stopped.v1', { loggedat: 5 }] as const;
    expect(await previousRun(await logOf(moved))).toEqual({ run: NEW, endedCleanly: true });
    expect(await previousRun(await logOf([1, OLD, 'recorder.tick.v1'], moved))).toEqual({
      run: OLD,
      endedCleanly: false,
    });
  });

  it('is found though the last offsets hold nothing', async () => {
    const [record] = await (
      await logOf([3, NEW, 'recorder.run-stopped.v1'])
    ).read({
      topic: 'ocpp.frames',
      from: new Map(),
      maxRecords: 1,
      maxBytes: 1,
    });
    const far: LoggedRecord = { ...record!, position: { generation: 0, partition: 3, offset: 10 } };
    const sparse = {
      end: () => Promise.resolve(new Map([[3, 5000]])),
      read: ({ from }: { from: ReadonlyMap<number, number> }) =>
        Promise.resolve((from.get(3) ?? 0) <= 10 ? [far] : []),
    } as unknown as LogReader;
    expect(await previousRun(sparse)).toEqual({ run: NEW, endedCleanly: true });
  });
});
