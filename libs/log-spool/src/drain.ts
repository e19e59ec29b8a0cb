import type { AppendRequest, Log } from '@chargeproof/log';
import { LogFailed } from '@chargeproof/log';
import type { LoggedRecord, Position } from '@chargeproof/record';
import { lookUp } from './look-up.ts';
import { BATCH_RECORDS } from './progress.ts';
import { type Read, TOPIC } from './segments.ts';
import type { Spool } from './spool.ts';
import type { Upstream } from './upstream.ts';

export type DrainParts = {
  readonly upstream: Upstream;
  readonly spool: Spool;
  /** Settles when what the log may have taken is spooled: with how many records. */
  readonly begun: Promise<number>;
  /** What the log that is still there makes of those. */
  readonly outcomes: readonly Promise<readonly Position[]>[];
  readonly retryMilliseconds: number;
  readonly settleMilliseconds: number;
  readonly onTrouble: (line: string) => void;
  readonly isClosing: () => boolean;
  readonly reached: () => void;
  readonly lost: () => void;
  readonly drained: (records: number) => void;
  /** Nothing is left just now. @returns whether it is over */
  readonly atEnd: () => Promise<boolean>;
};

const BOUNDS = { maxRecords: BATCH_RECORDS, maxBytes: 1024 * 1024 };

/** From the beginning of the spool into the log, in order, each record once, until nothing is left or it is closed. */
export async function drain(parts: DrainParts): Promise<void> {
  const { upstream, retryMilliseconds, onTrouble, isClosing, lost } = parts;
  while (!isClosing()) {
    try {
      const there = await reachAndLookUp(parts);
      if (there === undefined) return;
      await send(parts, there);
      return;
    } catch (error) {
      if (isClosing()) return;
      onTrouble(`the drain is cut short, and begins again: ${String(error)}`);
      lost();
      await upstream.giveUp();
      await upstream.pause(retryMilliseconds);
    }
  }
}

/** @returns the ids of spooled records that the log has; undefined when it is closed before */
async function reachAndLookUp(parts: DrainParts): Promise<Set<string> | undefined> {
  const { upstream, spool, begun, outcomes, settleMilliseconds, isClosing } = parts;
  if (upstream.log !== undefined && outcomes.length > 0) {
    // The log goes on trying under the same sequence numbers: what it may have taken it will say itself.
    await Promise.all(outcomes);
    await skip(parts, await begun);
    return new Set();
  }
  const log = upstream.log ?? (await upstream.reach());
  if (log === undefined) return undefined;
  await begun;
  const { unknown, ends } = spool.note;
  if (unknown === 0) return new Set();
  // What a process that has died sent may still be on its way, where brokers stood still with it.
  await upstream.pause(settleMilliseconds);
  if (isClosing()) return undefined;
  return new Set(await lookUp(log, await idsOf(spool, unknown), ends ?? new Map()));
}

async function skip({ upstream, spool, drained }: DrainParts, records: number): Promise<void> {
  for (let left = records; left > 0;) {
    const read = await spool.read(spool.note, { ...BOUNDS, maxRecords: Math.min(left, BATCH_RECORDS) });
    if (read.batch.length === 0) return;
    spool.drained(read, upstream.ends ?? new Map());
    drained(read.batch.length);
    left -= read.batch.length;
  }
}

async function idsOf(spool: Spool, records: number): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let read: Pick<Read, 'next'> = { next: spool.note };
  while (ids.size < records) {
    const { batch, next } = await spool.read(read.next, { ...BOUNDS, maxRecords: records - ids.size });
    if (batch.length === 0) break;
    for (const { attributes } of batch) ids.add(attributes.id);
    read = { next };
  }
  return ids;
}

async function send(parts: DrainParts, there: Set<string>): Promise<void> {
  const { upstream, spool, isClosing, reached, drained, atEnd } = parts;
  const log = upstream.log;
  if (log === undefined) throw new LogFailed('the log went away');
  spool.drainFrom(upstream.ends ?? new Map());
  reached();
  while (!isClosing()) {
    const read = await spool.read(spool.note, BOUNDS);
    if (read.batch.length === 0) {
      if (await atEnd()) return;
      continue;
    }
    const missing = read.batch.filter(({ attributes }) => !there.delete(attributes.id));
    await append(log, upstream, missing);
    spool.drained(read, upstream.ends ?? new Map());
    drained(read.batch.length);
  }
}

async function append(log: Log, upstream: Upstream, records: readonly LoggedRecord[]): Promise<void> {
  if (records.length === 0) return;
  upstream.acknowledged(await log.append(TOPIC, records.map(asItWas)));
}

/** Without a `loggedat`: nobody could read it before it was in the log. */
const asItWas = ({ key, attributes, value, position }: LoggedRecord): AppendRequest => ({
  key,
  attributes,
  value,
  partition: position.partition,
});
