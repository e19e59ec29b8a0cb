import { type AppendRequest, LogFailed, NumbersRefused } from '@chargeproof/log';
import type { LoggedRecord, Position } from '@chargeproof/record';
import { BATCH_RECORDS } from './progress.ts';
import { type Read, TOPIC } from './segments.ts';
import type { Spool } from './spool.ts';
import type { LogBehind, Upstream } from './upstream.ts';

export type Sending = {
  readonly upstream: Upstream;
  readonly spool: Spool;
  readonly isClosing: () => boolean;
  /** The log is there: it begins. */
  readonly reached: () => void;
  readonly drained: (records: number) => void;
  /** Next to nothing is left. @returns whether it is over */
  readonly nearEnd: () => Promise<boolean>;
};

export type Known = {
  /** Ids of spooled records that the log has. */
  readonly there: Set<string>;
  /** partition → where the log ended when its numbers were taken up again, until the first is acknowledged there. */
  readonly unproved: Map<number, number>;
};

/** What is read and given to the log at once, by the thread that answers stations: they wait as long as that takes. */
const PART_RECORDS = 125;
const PART_BYTES = 128 * 1024;

/** From the beginning of the spool, batch by batch, each noted when all of it is in the log. */
export async function send(sending: Sending, known: Known): Promise<void> {
  const { upstream, spool, isClosing, reached, drained, nearEnd } = sending;
  const log = upstream.log;
  if (log === undefined) throw new LogFailed('the log went away');
  spool.drainFrom(upstream.ends ?? new Map());
  reached();
  while (!isClosing()) {
    const sent = await sendBatch(sending, log, known);
    if (sent.batch.length > 0) {
      spool.drained(sent, upstream.ends ?? new Map());
      drained(sent.batch.length);
    }
    // Where more is spooled all the time there is no moment in which nothing is left.
    if (spool.records <= PART_RECORDS && (await nearEnd())) return;
  }
}

/**
 * In parts: while the log takes one the next is made.
 * @returns what is in the log now: nothing where nothing is spooled
 */
async function sendBatch(
  { upstream, spool, isClosing }: Sending,
  log: LogBehind,
  known: Known,
): Promise<Read> {
  const batch: LoggedRecord[] = [];
  let next: Read['next'] = spool.note;
  let underWay: Promise<void> = Promise.resolve();
  while (batch.length < BATCH_RECORDS && !isClosing()) {
    const maxRecords = Math.min(PART_RECORDS, BATCH_RECORDS - batch.length);
    const part = await spool.read(next, { maxRecords, maxBytes: PART_BYTES });
    if (part.batch.length === 0) break;
    // What came after others that bore the numbers of strangers would be there without them.
    if (known.unproved.size > 0) await underWay;
    const taken = give(part.batch, log, known).then((positions) => {
      prove(known.unproved, positions);
      upstream.acknowledged(positions);
    });
    // Waited for below, unless the one before it failed.
    taken.catch(() => undefined);
    await underWay;
    underWay = taken;
    batch.push(...part.batch);
    next = part.next;
  }
  await underWay;
  return { batch, next };
}

async function give(
  records: readonly LoggedRecord[],
  log: LogBehind,
  { there }: Known,
): Promise<readonly Position[]> {
  const missing = records.filter(({ attributes }) => !there.delete(attributes.id));
  return missing.length === 0 ? [] : log.append(TOPIC, missing.map(asItWas));
}

/**
 * The first that is taken under numbers that were taken up again stands behind all that was there.
 * @throws NumbersRefused where it does not: then they are those of other records, and ours are not in the log
 */
function prove(unproved: Map<number, number>, positions: readonly Position[]): void {
  for (const { partition, offset } of positions) {
    if (offset < (unproved.get(partition) ?? 0))
      throw new NumbersRefused('it has other records under the numbers of those that are spooled');
    unproved.delete(partition);
  }
}

/** Without a `loggedat`: nobody could read it before it was in the log. */
const asItWas = ({ key, attributes, value, position }: LoggedRecord): AppendRequest => ({
  key,
  attributes,
  value,
  partition: position.partition,
});
