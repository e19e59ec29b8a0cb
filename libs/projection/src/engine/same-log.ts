import type { LogReader, Offsets, Topic } from '@chargeproof/log';
import { type Store, StoreError } from '@chargeproof/tables';
import { RECORDS } from '../records/table.ts';

/**
 * Positions mean nothing in another log: folding would go on in its middle, and what lies before would be
 * missing in silence. Looked at are the ends, and the last record that was folded of the longest partition.
 * @param folded partition → the first offset that is not in the store
 * @throws StoreError `other-shape`, where the tables were folded from another log than this one
 */
export async function requireSameLog(
  { log, store, topic }: { readonly log: LogReader; readonly store: Store; readonly topic: Topic },
  folded: Offsets,
): Promise<void> {
  const longest = [...folded].reduce<readonly [number, number]>(
    (most, one) => (one[1] > most[1] ? one : most),
    [0, 0],
  );
  if (longest[1] === 0) return;
  const ends = await log.end(topic);
  for (const [partition, next] of folded) {
    const end = ends.get(partition) ?? 0;
    if (next > end) throw otherLog(`its partition ${partition} ends at ${end}, and was folded to ${next}`);
  }
  await requireSameRecord({ log, store, topic }, longest[0], longest[1] - 1);
}

async function requireSameRecord(
  { log, store, topic }: { readonly log: LogReader; readonly store: Store; readonly topic: Topic },
  partition: number,
  offset: number,
): Promise<void> {
  const from = new Map([[partition, offset]]);
  const [record] = await log.read({ topic, from, partitions: [partition], maxRecords: 1, maxBytes: 1 });
  // What has left the log cannot be compared.
  if (record?.position.offset !== offset) return;
  const [row] = await store.select<{ id: string }>(
    `SELECT id FROM ${RECORDS.name} WHERE log_generation = {generation:UInt16}
       AND log_partition = {partition:UInt16} AND log_offset = {offset:UInt64} LIMIT 1`,
    { generation: log.generation, partition, offset },
  );
  if (row !== undefined && row.id !== record.attributes.id)
    throw otherLog(`its partition ${partition} has another record at ${offset} than was folded`);
}

const otherLog = (what: string) =>
  new StoreError('other-shape', `the tables were folded from another log than this one: ${what}`);
