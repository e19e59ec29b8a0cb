import type { Parameters } from '@chargeproof/tables';
import type { Cursor } from './cursor.ts';

/**
 * What a list is sorted by: together its columns tell any two of its rows apart, so that a page may begin
 * behind any row.
 */
export type ListOrder = {
  /** Of the list; its cursors carry it, so that those of another are refused. */
  readonly name: string;
  readonly newestFirst: boolean;
  readonly by: readonly SortColumn[];
};

export type SortColumn = {
  /** The row's member that holds it; whole numbers may be text there, and are below 2^53. */
  readonly column: string;
  /** The column itself, or an expression of columns. */
  readonly sql: string;
  readonly type: 'Int64' | 'String';
  /** A condition on the table's own order that every row behind `{name:Int64}` meets: saves reading the rest. */
  readonly reach?: (bound: string) => string;
};

/** A row's place in its list. */
export type SortKey = readonly (string | number)[];

export function sortKeyOf({ by }: ListOrder, row: object): SortKey {
  const cells = row as Readonly<Record<string, unknown>>;
  return by.map(({ column, type }) => (type === 'Int64' ? Number(cells[column]) : String(cells[column])));
}

/** For `ORDER BY`. */
export function orderSql({ by, newestFirst }: ListOrder): string {
  return by.map(({ sql }) => `${sql} ${newestFirst ? 'DESC' : 'ASC'}`).join(', ');
}

/** The condition on rows that stand behind a cursor; of none, what all rows meet. */
export function behindSql(
  { by, newestFirst }: ListOrder,
  cursor: Cursor | undefined,
): { readonly sql: string; readonly parameters: Parameters } {
  if (cursor === undefined) return { sql: 'true', parameters: {} };
  const bounds = by.map(({ type }, index) => `{behind${index}:${type}}`);
  const columns = by.map(({ sql }) => sql);
  const reach = by.flatMap((column, index) => column.reach?.(bounds[index] ?? '') ?? []);
  const behind = `(${columns.join(', ')}) ${newestFirst ? '<' : '>'} (${bounds.join(', ')})`;
  return {
    sql: [...reach, behind].join('\n  AND '),
    parameters: Object.fromEntries(cursor.behind.map((cell, index) => [`behind${index}`, cell])),
  };
}
