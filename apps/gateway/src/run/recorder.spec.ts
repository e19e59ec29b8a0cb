import { createMemoryLog, LogFailed, LogFull, type AppendRequest, type Log } from '@chargeproof/log';
import { sampleRecord } from '@chargeproof/log/testing';
import type { RecordType } from '@chargeproof/record';
import { describe, expect, it, vi } from 'vitest';
import { Recorder, type Waiter } from './recorder.ts';

type Appends = Pick<Log, 'append'>;
const record = (sequence: number, type: RecordType = 'ocpp.frame.v1'): AppendRequest =>
  sampleRecord('ST-1', sequence, 'x', { type });

function recorderOn(log: Appends) {
  const onFailure = vi.fn();
  const onBug = vi.fn();
  return { recorder: new Recorder({ log, onFailure, onBug }), onFailure, onBug };
}
const noting = (told: string[], name: string): Waiter => ({
  recorded: () => told.push(`${name} recorded`),
  refused: ({ name: error }) => told.push(`${name} ${error}`),
});

describe('the recorder', () => {
  it('makes one append of what a turn brings, and tells in the order of the writes', async () => {
    const log = createMemoryLog();
    const append = vi.spyOn(log, 'append');
    const { recorder } = recorderOn(log);
    const told: string[] = [];
    for (let index = 0; index < 5; index += 1) recorder.write(record(index), 3, noting(told, `${index}`));
    expect(told).toEqual([]);
    await recorder.drained();
    expect(append).toHaveBeenCalledTimes(1);
    expect(told).toEqual(['0 recorded', '1 recorded', '2 recorded', '3 recorded', '4 recorded']);
  });

  it('goes on with the others when one waiter throws', async () => {
    const { recorder, onBug } = recorderOn(createMemoryLog());
    const told: string[] = [];
    const thrower: Waiter = {
      recorded: () => {
        throw new Error('bug');
      },
      refused: () => undefined,
    };
    recorder.write(record(0), 0, thrower);
    recorder.write(record(1), 0, noting(told, '1'));
    await recorder.drained();
    expect(told).toEqual(['1 recorded']);
    expect(onBug).toHaveBeenCalledTimes(1);
  });

  it('counts records by partition, ticks and refused ones not', async () => {
    const full: Appends = { append: () => Promise.reject(new LogFull('full')) };
    const log = createMemoryLog();
    const { recorder } = recorderOn(log);
    recorder.write(record(0), 3, noting([], ''));
    recorder.write(record(1, 'recorder.tick.v1'), 3, noting([], ''));
    await recorder.drained();
    expect(recorder.takeCounts()[3]).toBe(1);
    expect(recorder.takeCounts()[3]).toBe(0);
    const { recorder: refused } = recorderOn(full);
    refused.write(record(0), 3, noting([], ''));
    await refused.drained();
    expect(refused.takeCounts()[3]).toBe(0);
  });

  it('tries what tells of the loss once more on its own when the log is full', async () => {
    const calls: number[][] = [];
    const reserve: Appends = {
      append: (_, records) => {
        calls.push(records.map(({ attributes }) => attributes.sequence ?? -1));
        const frames = records.some(({ attributes }) => attributes.type === 'ocpp.frame.v1');
        return frames ? Promise.reject(new LogFull('full')) : Promise.resolve([]);
      },
    };
    const { recorder, onFailure } = recorderOn(reserve);
    const told: string[] = [];
    recorder.write(record(0), 0, noting(told, 'frame'));
    recorder.write(record(1, 'ocpp.connection-closed.v1'), 0, noting(told, 'close'));
    await recorder.drained();
    expect(calls).toEqual([[0, 1], [1]]);
    expect(told).toEqual(['frame LogFull', 'close recorded']);
    expect(onFailure).not.toHaveBeenCalled();
  });

  it('tells of a log that failed once, and appends nothing more', async () => {
    const append = vi.fn<Log['append']>().mockRejectedValue(new LogFailed('torn'));
    const { recorder, onFailure } = recorderOn({ append });
    const told: string[] = [];
    recorder.write(record(0), 0, noting(told, '0'));
    await recorder.drained();
    recorder.write(record(1), 0, noting(told, '1'));
    await recorder.drained();
    expect(told).toEqual(['0 LogFailed', '1 LogFailed']);
    expect(append).toHaveBeenCalledTimes(1);
    expect(onFailure).toHaveBeenCalledTimes(1);
  });
});
