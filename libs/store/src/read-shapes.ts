import type { Store, TableShape } from '@chargeproof/tables';

type Column = { readonly table: string; readonly name: string; readonly type: string };
type Extra = { readonly table: string; readonly name: string };
type Described = {
  readonly name: string;
  readonly engine_full: string;
  readonly sorting_key: string;
  readonly partition_key: string;
};

const HERE = 'database = currentDatabase()';

/**
 * How ClickHouse describes tables of the current database, by name; those that are not there are missing.
 * Of all of them at once: a process has some thirty to look at before it can begin.
 */
export async function readShapes(
  store: Store,
  tables: readonly string[],
): Promise<ReadonlyMap<string, TableShape>> {
  const of = { tables };
  const [described, columns, extras] = await Promise.all([
    store.select<Described>(
      `SELECT name, engine_full, sorting_key, partition_key FROM system.tables
       WHERE ${HERE} AND name IN ({tables:Array(String)})`,
      of,
    ),
    store.select<Column>(
      `SELECT table, name, type FROM system.columns
       WHERE ${HERE} AND table IN ({tables:Array(String)}) ORDER BY table, position`,
      of,
    ),
    store.select<Extra>(
      `WITH {tables:Array(String)} AS asked
       SELECT table, name FROM system.data_skipping_indices WHERE ${HERE} AND table IN (asked)
       UNION ALL SELECT table, name FROM system.projections WHERE ${HERE} AND table IN (asked)`,
      of,
    ),
  ]);
  const columnsOf = Map.groupBy(columns, ({ table }) => table);
  const extrasOf = Map.groupBy(extras, ({ table }) => table);
  return new Map(
    described.map(({ name, engine_full, sorting_key, partition_key }) => [
      name,
      {
        columns: new Map(columnsOf.get(name)?.map((column) => [column.name, column.type])),
        engineFull: engine_full,
        sortingKey: sorting_key,
        partitionKey: partition_key,
        extras: extrasOf.get(name)?.map((extra) => extra.name) ?? [],
      },
    ]),
  );
}
