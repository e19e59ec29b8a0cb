import { after, type LogReader, type Offsets, type Topic } from '@chargeproof/log';
import type { LoggedRecord } from '@chargeproof/record';

/** In one piece: what a broker takes in one request, too. */
const MOST_RECORDS = 1000;
const MOST_BYTES = 1024 * 1024;

/** A topic's records from some offsets to its end, batch by batch, each partition in its order. */
export async function* batchesOf(
  log: LogReader,
  topic: Topic,
  from: Offsets = new Map(),
): AsyncGenerator<readonly LoggedRecord[]> {
  for (let next = from; ;) {
    const batch = await log.read({ topic, from: next, maxRecords: MOST_RECORDS, maxBytes: MOST_BYTES });
    if (batch.length === 0) return;
    yield batch;
    next = after(next, batch);
  }
}

/** Offsets may skip numbers, so the last record is looked for in growing steps back from the end. */
const GROWTH = 8;

/** Partition → its last record, where it has one. */
export async function lastRecords(log: LogReader, topic: Topic): Promise<ReadonlyMap<number, LoggedRecord>> {
  const lasts = new Map<number, LoggedRecord>();
  for (const [partition, end] of await log.end(topic)) {
    const last = await lastRecord(log, topic, partition, end);
    if (last !== undefined) lasts.set(partition, last);
  }
  return lasts;
}

async function lastRecord(
  log: LogReader,
  topic: Topic,
  partition: number,
  end: number,
): Promise<LoggedRecord | undefined> {
  for (let step = 1; end > 0; step *= GROWTH) {
    const from = Math.max(0, end - step);
    const last = await lastFrom(log, topic, partition, from);
    if (last !== undefined || from === 0) return last;
  }
  return undefined;
}

async function lastFrom(
  log: LogReader,
  topic: Topic,
  partition: number,
  from: number,
): Promise<LoggedRecord | undefined> {
  let last: LoggedRecord | undefined;
  for (let next = from; ;) {
    const batch = await log.read({
      topic,
      from: new Map([[partition, next]]),
      partitions: [partition],
      maxRecords: MOST_RECORDS,
      maxBytes: MOST_BYTES,
    });
    const end = batch.at(-1);
    if (end === undefined) return last;
    last = end;
    next = end.position.offset + 1;
  }
}
