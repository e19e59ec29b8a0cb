import { after, type LogReader, type Offsets } from '@chargeproof/log';
import { TOPIC } from './segments.ts';

const BOUNDS = { maxRecords: 2000, maxBytes: 4 * 1024 * 1024 };

/**
 * Which of these records the log has at or after `ends`: id → partition.
 * @param ends where the log is made anew since, and is shorter than it was, it is read from its beginning
 */
export async function lookUp(
  log: LogReader,
  ids: ReadonlySet<string>,
  ends: Offsets,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  const until = await log.end(TOPIC);
  let from: Offsets = new Map(
    [...until].map(([partition, end]) => {
      const start = ends.get(partition) ?? 0;
      return [partition, start > end ? 0 : start];
    }),
  );
  while (found.size < ids.size && [...until].some(([partition, end]) => (from.get(partition) ?? 0) < end)) {
    const batch = await log.read({ topic: TOPIC, from, ...BOUNDS });
    if (batch.length === 0) break;
    for (const { attributes, position } of batch)
      if (ids.has(attributes.id)) found.set(attributes.id, position.partition);
    from = after(from, batch);
  }
  return found;
}
