import type { LogReader, Offsets, Topic } from '@chargeproof/log';
import { type Store, StoreError, type TableDefinition } from '@chargeproof/tables';

export type CopiedLog = {
  readonly log: LogReader;
  readonly store: Store;
  readonly topic: Topic;
  /** Where its records are copied to, a row each. */
  readonly table: TableDefinition;
};

/**
 * Positions mean nothing in another log: folding would go on in its middle, and what lies before would be
 * missing in silence. Looked at are the ends, and the last record that was folded of the longest partition.
 * @param folded partition → the first offset that is not in the store, whatever was folded to there
 * @throws StoreError `other-shape`, where the tables were folded from another log than this one
 */
export async function requireSameLog(copied: CopiedLog, folded: Offsets): Promise<void> {
  const longest = [...folded].reduce<readonly [number, number]>(
    (most, one) => (one[1] > most[1] ? one : most),
    [0, 0],
  );
  if (longest[1] === 0) return;
  const ends = await copied.log.end(copied.topic);
  for (const [partition, next] of folded) {
    const end = ends.get(partition) ?? 0;
    if (next > end) throw otherLog(`its partition ${partition} ends at ${end}, and was folded to ${next}`);
  }
  await requireSameRecord(copied, longest[0], longest[1] - 1);
}

async function requireSameRecord(
  { log, store, topic, table }: CopiedLog,
  partition: number,
  offset: number,
): Promise<void> {
  const from = new Map([[partition, offset]]);
  const [record] = await log.read({ topic, from, partitions: [partition], maxRecords: 1, maxBytes: 1 });
  // What has left the log cannot be compared.
  if (record?.position.offset !== offset) return;
  const [row] = await store.select<{ id: string }>(
    `SELECT id FROM ${table.name} WHERE log_generation = {generation:UInt16}
       AND ${'log_partition' in table.columns ? 'log_partition' : '0'} = {partition:UInt16} AND log_offset = {offset:UInt64} LIMIT 1`,
    { generation: log.generation, partition, offset },
  );
  if (row !== undefined && row.id !== record.attributes.id)
    throw otherLog(`its partition ${partition} has another record at ${offset} than was folded`);
}

const otherLog = (what: string) =>
  new StoreError('other-shape', `the tables were folded from another log than this one: ${what}`);
