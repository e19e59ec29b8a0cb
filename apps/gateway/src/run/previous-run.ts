import type { LogReader } from '@chargeproof/log';
import { openedAt, type LoggedRecord, type RunStarted } from '@chargeproof/record';

/** Offsets may skip numbers, so the last record is looked for in growing steps back from the end. */
const FIRST_STEP = 1;
const GROWTH = 8;

/**
 * The run that owned this log before us. A run writes its last record, run stopped, to every partition in
 * one append, so it ended cleanly when the newest last record of all partitions is one of those.
 * Read from the log and not from a file beside it: the log is what survives, moves and is restored.
 */
export async function previousRun(log: LogReader): Promise<RunStarted['previous']> {
  const ends = await log.end('ocpp.frames');
  const lasts = await Promise.all([...ends].map(([partition, end]) => lastRecord(log, partition, end)));
  let newest: LoggedRecord | undefined;
  for (const last of lasts) {
    if (last !== undefined && (newest === undefined || startedAt(last) > startedAt(newest))) newest = last;
  }
  if (newest === undefined) return undefined;
  const run = newest.attributes.source;
  const stopped = (record: LoggedRecord | undefined) =>
    record?.attributes.source !== run || record.attributes.type === 'recorder.run-stopped.v1';
  return { run, endedCleanly: lasts.every(stopped) };
}

async function lastRecord(log: LogReader, partition: number, end: number): Promise<LoggedRecord | undefined> {
  for (let step = FIRST_STEP; end > 0; step *= GROWTH) {
    const from = Math.max(0, end - step);
    const last = await lastFrom(log, partition, from);
    if (last !== undefined || from === 0) return last;
  }
  return undefined;
}

async function lastFrom(log: LogReader, partition: number, from: number): Promise<LoggedRecord | undefined> {
  let last: LoggedRecord | undefined;
  for (let next = from; ;) {
    const batch = await log.read({
      topic: 'ocpp.frames',
      from: new Map([[partition, next]]),
      partitions: [partition],
      maxRecords: 1000,
      maxBytes: 1024 * 1024,
    });
    const end = batch.at(-1);
    if (end === undefined) return last;
    last = end;
    next = end.position.offset + 1;
  }
}

const startedAt = (record: LoggedRecord) => openedAt(record.attributes.source) || 0;
