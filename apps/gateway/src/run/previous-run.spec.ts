import type { LogReader } from '@chargeproof/log';
import { createMemoryLog } from '@chargeproof/log';
import { sampleRecord } from '@chargeproof/log/testing';
import { runId, type LoggedRecord, type RecordType } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { previousRun } from './previous-run.ts';

const OLD = runId(1_000_000, 'aaaaaa');
const NEW = runId(2_000_000, 'bbbbbb');

async function logOf(...records: readonly [partition: number, source: string, type: RecordType][]) {
  const log = createMemoryLog();
  for (const [partition, source, type] of records) {
    await log.append('ocpp.frames', [{ ...sampleRecord('ST-1', 0, 'x', { source, type }), partition }]);
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
