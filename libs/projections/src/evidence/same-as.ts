import type { RecordId } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { factsAt } from '../read-at/facts-at.ts';
import { witnesses } from '../witnesses/witnesses.ts';
import type { FramesById } from './frames-by-id.ts';

/** Imported frame → the live frame that it is, where it is one, as known at the frontier. */
export async function sameAsAt(
  store: Store,
  { tenant, stations, ids, frontier }: FramesById,
): Promise<ReadonlyMap<RecordId, RecordId>> {
  const { sql, parameters } = factsAt(witnesses, { tenant, station: stations, frontier });
  const rows = await store.select<{ record: RecordId; same_as: RecordId }>(
    `SELECT record, same_as FROM ${sql} WHERE record IN {ids:Array(String)}`,
    { ...parameters, ids },
  );
  return new Map(rows.map(({ record, same_as }) => [record, same_as]));
}
