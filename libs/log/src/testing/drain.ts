import type { LoggedRecord } from '@chargeproof/record';
import { onTestFinished } from 'vitest';
import type { LogReader, Offsets, Topic } from '../log.ts';
import { after } from '../subscription.ts';
import type { LogUnderTest, MakeLog } from './log-under-test.ts';

/** Opens a log that is closed and disposed of when the test ends. */
export async function openFor(make: MakeLog): Promise<LogUnderTest> {
  const made = await make();
  onTestFinished(async () => {
    await made.log.close();
    await made.dispose();
  });
  return made;
}

export type Limits = { readonly maxRecords: number; readonly maxBytes: number };
const WIDE: Limits = { maxRecords: 1000, maxBytes: 1 << 20 };

/** Reads to the end, in batches. */
export async function drain(
  log: LogReader,
  topic: Topic = 'ocpp.frames',
  from: Offsets = new Map(),
  limits: Limits = WIDE,
): Promise<readonly LoggedRecord[]> {
  const all: LoggedRecord[] = [];
  for (let next = from; ;) {
    const batch = await log.read({ topic, from: next, ...limits });
    if (batch.length === 0) return all;
    all.push(...batch);
    next = after(next, batch);
  }
}

/** partition → what was read of it, in order. */
export function byPartition<Kept>(
  records: readonly LoggedRecord[],
  keep: (record: LoggedRecord) => Kept,
): ReadonlyMap<number, readonly Kept[]> {
  return new Map(
    [...Map.groupBy(records, ({ position }) => position.partition)].map(([partition, held]) => [
      partition,
      held.map(keep),
    ]),
  );
}

export const isRising = (numbers: readonly number[]) =>
  numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
export const isNonDecreasing = (numbers: readonly number[]) =>
  numbers.every((number, index) => index === 0 || number >= (numbers[index - 1] ?? 0));
