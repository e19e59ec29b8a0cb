import type { Projection } from '@chargeproof/projection';
import type { Store } from '@chargeproof/tables';
import type { Frontier } from '../read-at/frontier.ts';
import { type Conditions, type FactFilter, factRows } from './fact-rows.ts';
import type { ListOrder } from './order.ts';
import { type ListSql, type Page, type PageRequest, readPage } from './page.ts';

/** A list that is answered page by page: how it is sorted, and which of its rows a filter keeps. */
export type List<Filter, Row extends object> = {
  readonly order: ListOrder;
  /** A piece of it, as it was known at the request's frontier. */
  page(store: Store, request: PageRequest & { readonly filter: Filter }): Promise<Page<Row>>;
  /** How many rows the filter keeps in all. */
  count(store: Store, filter: Filter, frontier: Frontier): Promise<bigint>;
};

/** What a list is read with: its rows' columns, and where the rows that a filter keeps come from. */
export type ListDefinition<Filter> = {
  readonly order: ListOrder;
  readonly columns: string;
  readonly rows: (filter: Filter, frontier: Frontier) => Omit<ListSql, 'columns'>;
};

export function listOf<Filter, Row extends object>({
  order,
  columns,
  rows,
}: ListDefinition<Filter>): List<Filter, Row> {
  return {
    order,
    page: (store, { filter, ...request }) =>
      readPage<Row>(store, order, { columns, ...rows(filter, request.frontier) }, request),
    count: async (store, filter, frontier) => {
      const { from, where, parameters } = rows(filter, frontier);
      const sql = `SELECT count() AS total FROM ${from} WHERE ${where}`;
      const [row] = await store.select<{ total: string }>(sql, parameters);
      return BigInt(row?.total ?? 0);
    },
  };
}

/** A list of what a projection says. */
export const factList = <Filter extends FactFilter, Row extends object>(
  projection: Projection,
  { conditions, ...list }: Omit<ListDefinition<Filter>, 'rows'> & { readonly conditions: Conditions<Filter> },
): List<Filter, Row> =>
  listOf({ ...list, rows: (filter, frontier) => factRows(projection, conditions, filter, frontier) });
