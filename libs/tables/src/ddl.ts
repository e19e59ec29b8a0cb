import type { TableDefinition } from './definition.ts';

/** Settings of a MergeTree table, as `{ fsync_after_insert: 1 }`. */
export type TableSettings = Readonly<Record<string, number>>;

/** `CREATE TABLE IF NOT EXISTS` of a definition. The same text makes it on chDB and on a server. */
export function createTableSql(table: TableDefinition, settings: TableSettings = {}): string {
  const body = [
    ...Object.entries(table.columns).map(([name, type]) => `${identifier(name)} ${type}`),
    ...(table.extras ?? []),
  ];
  const set = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return [
    `CREATE TABLE IF NOT EXISTS ${identifier(table.name)} (`,
    body.map((line) => `  ${line}`).join(',\n'),
    `) ENGINE = ${engineSql(table)}`,
    ...(table.monthOf === undefined ? [] : [`PARTITION BY toYYYYMM(${identifier(table.monthOf)})`]),
    `ORDER BY (${table.orderBy.map(identifier).join(', ')})`,
    ...(set.length === 0 ? [] : [`SETTINGS ${set.join(', ')}`]),
  ].join('\n');
}

function engineSql({ engine }: TableDefinition): string {
  if (engine.kind === 'MergeTree') return 'MergeTree';
  const columns = [engine.version, ...(engine.deleted === undefined ? [] : [engine.deleted])];
  return `ReplacingMergeTree(${columns.map(identifier).join(', ')})`;
}

/** @throws TypeError for a name that would need quoting: ours are lower case, digits and underscores */
export function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/i.test(name)) throw new TypeError(`not a name for a table or column: ${name}`);
  return name;
}
