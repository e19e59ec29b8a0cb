import { createHash, type Hash } from 'node:crypto';
import {
  type AppendRequest,
  type Log,
  type LogReader,
  type Offsets,
  type Topic,
  TOPICS,
} from '@chargeproof/log';
import type { LoggedRecord } from '@chargeproof/record';
import { writeRecord } from '@chargeproof/recordings';
import { MoveFailed } from './move-failed.ts';
import { batchesOf, lastRecords } from './whole-topic.ts';

/** What became of one topic. */
export type Moved = {
  /** Records of the source, and how many of them this move copied; the others were there. */
  readonly records: number;
  readonly copied: number;
  /** SHA-256 over all records, partition by partition: the same of both logs. */
  readonly digest: string;
};
export type MoveReport = Readonly<Record<Topic, Moved>>;

/**
 * Copies a log into another as that one's generation: every record of every topic, in the same partition and
 * the same order, with the time at which it was first logged. What an earlier move copied is not copied
 * again; then both logs are read from beginning to end and compared.
 * @param source nobody appends to it meanwhile
 * @param target empty, or holding what an earlier move of this very log left there
 * @throws MoveFailed where the target holds anything else; LogFull, LogFailed
 */
export async function moveLog(
  source: LogReader,
  target: Log,
  progress: (records: number) => void = () => undefined,
): Promise<MoveReport> {
  const starts = new Map<Topic, Offsets>();
  for (const topic of TOPIC_NAMES) starts.set(topic, await whereToGoOn(source, target, topic));
  const report: Partial<Record<Topic, Moved>> = {};
  for (const [topic, from] of starts) {
    const copied = await copy(source, target, topic, from, progress);
    report[topic] = { ...(await compared(source, target, topic)), copied };
  }
  return report as MoveReport;
}

const TOPIC_NAMES = Object.keys(TOPICS) as Topic[];

/** Behind the record of the source with which each partition of the target ends. */
async function whereToGoOn(source: LogReader, target: LogReader, topic: Topic): Promise<Offsets> {
  const lasts = new Map(
    [...(await lastRecords(target, topic))].map(([partition, last]) => [partition, nameOf(last)]),
  );
  const from = new Map<number, number>();
  if (lasts.size === 0) return from;
  for await (const batch of batchesOf(source, topic)) {
    for (const record of batch) {
      const { partition, offset } = record.position;
      if (lasts.get(partition) === nameOf(record)) from.set(partition, offset + 1);
    }
  }
  const strange = [...lasts.keys()].filter((partition) => !from.has(partition));
  if (strange.length === 0) return from;
  throw new MoveFailed(
    `${topic} of the target ends in records that are not in this log (partition ${strange.join(', ')}): it is another log's, or has gone on since it was moved`,
  );
}

async function copy(
  source: LogReader,
  target: Log,
  topic: Topic,
  from: Offsets,
  progress: (records: number) => void,
): Promise<number> {
  let copied = 0;
  for await (const batch of batchesOf(source, topic, from)) {
    await target.append(topic, batch.map(asMoved));
    copied += batch.length;
    progress(copied);
  }
  return copied;
}

async function compared(
  source: LogReader,
  target: LogReader,
  topic: Topic,
): Promise<Pick<Moved, 'records' | 'digest'>> {
  const there = await digestOf(source, topic);
  const here = await digestOf(target, topic);
  if (there.records === here.records && there.digest === here.digest) return there;
  throw new MoveFailed(
    `${topic} is not the same in both logs: ${there.records} records here, ${here.records} in the target. Nothing was taken from this log; empty the target and move again`,
  );
}

async function digestOf(log: LogReader, topic: Topic): Promise<Pick<Moved, 'records' | 'digest'>> {
  const hashes: Hash[] = Array.from({ length: TOPICS[topic] }, () => createHash('sha256'));
  let records = 0;
  for await (const batch of batchesOf(log, topic)) {
    for (const record of batch) hashes[record.position.partition]?.update(writeRecord(asMoved(record)));
    records += batch.length;
  }
  const whole = createHash('sha256');
  for (const hash of hashes) whole.update(hash.digest());
  return { records, digest: whole.digest('hex') };
}

/** Into the same partition, and with the time that the log has it from. */
const asMoved = ({ key, attributes, value, loggedAt, position }: LoggedRecord): AppendRequest => ({
  key,
  attributes: { ...attributes, loggedat: loggedAt },
  value,
  partition: position.partition,
});

/** Ids are single within a source (CloudEvents 1.0). */
const nameOf = ({ attributes: { source, id, type } }: LoggedRecord) => `${source} ${type} ${id}`;
