import type { TableDefinition } from './definition.ts';

/** A table as ClickHouse describes it. */
export type TableShape = {
  /** name → type, in order. */
  readonly columns: ReadonlyMap<string, string>;
  /** As in `system.tables.engine_full`: `MergeTree PARTITION BY … ORDER BY … SETTINGS …`. */
  readonly engineFull: string;
  readonly sortingKey: string;
  readonly partitionKey: string;
  /** Names of its skipping indexes and projections. */
  readonly extras: readonly string[];
};

/** What makes a table another one than its definition says, in words, the offending column first. Empty: nothing. */
export function shapeDifferences(table: TableDefinition, shape: TableShape): readonly string[] {
  return [...columnDifferences(table, shape), ...layoutDifferences(table, shape)];
}

function columnDifferences(table: TableDefinition, { columns }: TableShape): string[] {
  const wanted = Object.entries(table.columns);
  return [
    ...wanted.flatMap(([name, type]) => {
      const found = columns.get(name);
      if (found === undefined) return [`column ${name} (${type}) is missing`];
      return found === type ? [] : [`column ${name} is ${found}, not ${type}`];
    }),
    ...[...columns.keys()]
      .filter((name) => !Object.hasOwn(table.columns, name))
      .map((name) => `column ${name} is none of ours`),
  ];
}

function layoutDifferences(table: TableDefinition, shape: TableShape): string[] {
  const compared: readonly [what: string, found: string, wanted: string][] = [
    ['the order key', bare(shape.sortingKey), table.orderBy.join(', ')],
    ['the partition', shape.partitionKey, table.monthOf === undefined ? '' : `toYYYYMM(${table.monthOf})`],
    ['the engine', engineOf(shape), wantedEngine(table)],
  ];
  const missing = extraNames(table).filter((name) => !shape.extras.includes(name));
  return [
    ...compared
      .filter(([, found, wanted]) => found !== wanted)
      .map(([what, found, wanted]) => `${what} is ${found || 'none'}, not ${wanted || 'none'}`),
    ...missing.map((name) => `the index or projection ${name} is missing`),
  ];
}

/** `Replicated` and its arguments are the server's affair, not the definition's. */
function engineOf({ engineFull }: TableShape): string {
  const engine = /^(?:Replicated)?(\w+(?:\([^)]*\))?)/.exec(engineFull)?.[1] ?? engineFull;
  return engine.replace(/'[^']*', /g, '').replace('()', '');
}

function wantedEngine({ engine }: TableDefinition): string {
  if (engine.kind === 'MergeTree') return engine.kind;
  return `${engine.kind}(${[engine.version, engine.deleted].filter((name) => name !== undefined).join(', ')})`;
}

/** `INDEX name …` and `PROJECTION name …`; a constraint has no place of its own in ClickHouse's system tables. */
function extraNames({ extras = [] }: TableDefinition): string[] {
  return extras.flatMap((extra) => /^\s*(?:INDEX|PROJECTION)\s+`?(\w+)/i.exec(extra)?.[1] ?? []);
}

/** A key of one column is described with brackets by some versions and without by others. */
const bare = (key: string) => (key.startsWith('(') && key.endsWith(')') ? key.slice(1, -1) : key);
