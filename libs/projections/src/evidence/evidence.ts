import type { RecordId, Subject } from '@chargeproof/record';
import type { Parameters, Store } from '@chargeproof/tables';
import type { Frontier } from '../read-at/frontier.ts';

/**
 * The records of one station that prove a figure, in effective order: their ids, or the question that
 * finds them. Nothing is read before somebody asks.
 */
export type Evidence = Subject & {
  /** Of the answer whose figure this is. */
  readonly frontier: Frontier;
  readonly records: readonly RecordId[] | RecordQuery;
  /** How many they are, where that was read with the figure. */
  readonly total?: bigint;
  /** Reads the first of them along with those of the answer's other figures. */
  readonly beginning?: (first: number) => Promise<readonly RecordId[]>;
};

/** A SELECT that gives ids as its one column `record`, each once. */
export type RecordQuery = { readonly sql: string; readonly parameters: Parameters };

/** Evidence of so many ids, each once; what is not known is left out. */
export function evidenceOf(
  { tenant, station }: Subject,
  frontier: Frontier,
  ids: readonly (RecordId | null)[],
): Evidence {
  const known = ids.filter((id) => id !== null && id !== '') as RecordId[];
  return { tenant, station, frontier, records: [...new Set(known)] };
}

export async function countRecords(store: Store, { records, total }: Evidence): Promise<bigint> {
  if (total !== undefined) return total;
  if (isList(records)) return BigInt(records.length);
  const [row] = await store.select<{ total: string }>(
    `SELECT count() AS total FROM (${records.sql})`,
    records.parameters,
  );
  return BigInt(row?.total ?? 0);
}

/** @param skip so many are passed over */
export async function recordIds(
  store: Store,
  { records, beginning }: Evidence,
  { first, skip = 0 }: { readonly first: number; readonly skip?: number },
): Promise<readonly RecordId[]> {
  if (isList(records)) return records.slice(skip, skip + first);
  if (skip === 0 && beginning !== undefined) return beginning(first);
  const rows = await store.select<{ record: RecordId }>(
    `SELECT record FROM (${records.sql}) LIMIT {first:UInt32} OFFSET {skip:UInt32}`,
    { ...records.parameters, first, skip },
  );
  return rows.map(({ record }) => record);
}

const isList = (records: Evidence['records']): records is readonly RecordId[] => Array.isArray(records);
