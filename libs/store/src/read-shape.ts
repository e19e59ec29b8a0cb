import type { Store, TableShape } from '@chargeproof/tables';

/** How ClickHouse describes a table of the current database; undefined where it is not there. */
export async function readShape(store: Store, table: string): Promise<TableShape | undefined> {
  const [described] = await store.select<{
    engine_full: string;
    sorting_key: string;
    partition_key: string;
    names: string[];
    types: string[];
    extras: string[];
  }>(
    `SELECT engine_full, sorting_key, partition_key,
       (SELECT groupArray((name, type)) FROM (
          SELECT name, type FROM system.columns
          WHERE database = currentDatabase() AND table = {table:String} ORDER BY position)) AS columns,
       columns.1 AS names, columns.2 AS types,
       arrayConcat(
         (SELECT groupArray(name) FROM system.data_skipping_indices
          WHERE database = currentDatabase() AND table = {table:String}),
         (SELECT groupArray(name) FROM system.projections
          WHERE database = currentDatabase() AND table = {table:String})) AS extras
     FROM system.tables WHERE database = currentDatabase() AND name = {table:String}`,
    { table },
  );
  if (described === undefined) return undefined;
  return {
    columns: new Map(described.names.map((name, index) => [name, described.types[index] ?? ''])),
    engineFull: described.engine_full,
    sortingKey: described.sorting_key,
    partitionKey: described.partition_key,
    extras: described.extras,
  };
}
