import type { LogReader } from '@chargeproof/log';
import { openedAt, type LoggedRecord, type RunStarted } from '@chargeproof/record';

/** Offsets may skip numbers, so the last record is looked for in growing steps back from the end. */
const FIRST_STEP = 1;
const GROWTH = 8;

/**
 * The run that owned this log before us. A run writes its last record, run stopped, to every partition in
 * one append, so it ended cleanly when the newest last record of all partitions is one of those.
 * Read from the log and not from a file beside it: the log is what survives, moves and is restored. What an
 * import brought stands behind a run's records and is none of its own; records moved here from another log tell
 * of a previous run only where this one had none.
 */
export async function previousRun(log: LogReader): Promise<RunStarted['previous']> {
  return (await newestRun(log, isOfARunHere)) ?? newestRun(log, isOfARun);
}

type Wanted = (record: LoggedRecord) => boolean;

const isOfARun: Wanted = ({ attributes }) => attributes.witness === 'wire';
const isOfARunHere: Wanted = (record) => isOfARun(record) && record.attributes.loggedat === undefined;

async function newestRun(log: LogReader, isWanted: Wanted): Promise<RunStarted['previous']> {
  const ends = await log.end('ocpp.frames');
  const lasts = await Promise.all(
    [...ends].map(([partition, end]) => lastRecord(log, partition, end, isWanted)),
  );
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

async function lastRecord(
  log: LogReader,
  partition: number,
  end: number,
  isWanted: Wanted,
): Promise<LoggedRecord | undefined> {
  for (let step = FIRST_STEP; end > 0; step *= GROWTH) {
    const from = Math.max(0, end - step);
    const last = await lastFrom(log, partition, from, isWanted);
    if (last !== undefined || from === 0) return last;
  }
  return undefined;
}

async function lastFrom(
  log: LogReader,
  partition: number,
  from: number,
  isWanted: Wanted,
): Promise<LoggedRecord | undefined> {
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
    last = batch.findLast(isWanted) ?? last;
    next = end.position.offset + 1;
  }
}

const startedAt = (record: LoggedRecord) => openedAt(record.attributes.source) || 0;
