import { numberedOn, NumbersRefused } from '@chargeproof/log';
import type { Position } from '@chargeproof/record';
import { lookUp } from './look-up.ts';
import { BATCH_RECORDS } from './progress.ts';
import type { Read } from './segments.ts';
import { type Known, send, type Sending } from './sending.ts';
import type { Spool } from './spool.ts';
import type { Note } from './store.ts';
import type { LogBehind } from './upstream.ts';

export type DrainParts = Sending & {
  /** Settles when what the log may have taken is spooled: with how many records. */
  readonly begun: Promise<number>;
  /** What the log that is still there makes of those. */
  readonly outcomes: readonly Promise<readonly Position[]>[];
  readonly retryMilliseconds: number;
  readonly onTrouble: (line: string) => void;
  readonly lost: () => void;
};

/** How often it goes on with what is noted: at the first refusal what was late has come, and is found. */
const MOST_REFUSALS = 3;
const BOUNDS = { maxRecords: BATCH_RECORDS, maxBytes: 1024 * 1024 };

/** From the beginning of the spool into the log, in order, each record once, until nothing is left or it is closed. */
export async function drain(parts: DrainParts): Promise<void> {
  const { upstream, retryMilliseconds, onTrouble, isClosing, lost } = parts;
  let refusals = 0;
  while (!isClosing()) {
    try {
      const known = await reachAndLookUp(parts, refusals < MOST_REFUSALS);
      if (known === undefined) return;
      await send(parts, known);
      return;
    } catch (error) {
      if (isClosing()) return;
      if (error instanceof NumbersRefused) refusals += 1;
      onTrouble(`the drain is cut short, and begins again: ${String(error)}`);
      lost();
      await upstream.giveUp();
      await upstream.pause(retryMilliseconds);
    }
  }
}

/** @returns undefined when it is closed before */
async function reachAndLookUp(parts: DrainParts, mayResume: boolean): Promise<Known | undefined> {
  const { upstream, spool, begun, outcomes } = parts;
  if (upstream.log !== undefined && outcomes.length > 0) {
    // The log goes on trying under the same sequence numbers: what it may have taken it will say itself.
    await Promise.all(outcomes);
    await skip(parts, await begun);
    return nothingKnown();
  }
  const log = upstream.log ?? (await upstream.reach());
  if (log === undefined) return undefined;
  await begun;
  const { unknown, ends, numbering } = spool.note;
  if (unknown === 0) {
    spool.renumber(log.numbering);
    return nothingKnown();
  }
  const found = await lookUp(log, await idsOf(spool, unknown), ends ?? new Map());
  const taken = mayResume ? resumed(log, numbering, found.values()) : undefined;
  spool.renumber(taken);
  return { there: new Set(found.keys()), unproved: new Map(taken && upstream.ends) };
}

const nothingKnown = (): Known => ({ there: new Set(), unproved: new Map() });

/**
 * What a process that has died sent may still be on its way: what is not found goes under the numbers that it gave
 * it, so that only one of both is taken.
 * @returns of the first record of the spool; undefined where it must go without
 */
function resumed(log: LogBehind, numbering: Note['numbering'], found: Iterable<number>): Note['numbering'] {
  if (numbering === undefined || log.resume === undefined) return undefined;
  log.resume(numberedOn(numbering, found));
  return numbering;
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
