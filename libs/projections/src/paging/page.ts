import type { Parameters, Store } from '@chargeproof/tables';
import type { Frontier } from '../read-at/frontier.ts';
import { behindSql, type ListOrder, orderSql } from './order.ts';
import type { Cursor } from './cursor.ts';

/** A piece of a list as it was known at the frontier. */
export type Page<Row> = {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly order: ListOrder;
  readonly frontier: Frontier;
};

/** Which piece: so many rows, from the list's beginning or from behind a cursor. */
export type PageRequest = {
  readonly frontier: Frontier;
  readonly first: number;
  readonly after?: Cursor | undefined;
};

/** The rows of a list: what they hold, where they come from, and which of them. */
export type ListSql = {
  readonly columns: string;
  readonly from: string;
  readonly where: string;
  readonly parameters: Parameters;
};

/** Reads one page, and one row more than it holds, to know whether there is another. */
export async function readPage<Row extends object>(
  store: Store,
  order: ListOrder,
  { columns, from, where, parameters }: ListSql,
  { frontier, first, after }: PageRequest,
): Promise<Page<Row>> {
  const behind = behindSql(order, after);
  const rows = await store.select<Row>(
    `SELECT ${columns} FROM ${from}
WHERE ${where}
  AND ${behind.sql}
ORDER BY ${orderSql(order)} LIMIT {limit:UInt32}`,
    { ...parameters, ...behind.parameters, limit: first + 1 },
  );
  return { rows: rows.slice(0, first), hasNextPage: rows.length > first, order, frontier };
}
