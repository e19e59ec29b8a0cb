import {
  formatCursor,
  formatFrontier,
  type List,
  type ListOrder,
  type Page,
  type PageRequest,
  parseCursor,
  sortKeyOf,
} from '@chargeproof/projections';
import type { Asked } from './asked.ts';
import { badInput } from './errors.ts';
import { requireReached } from './read-at.ts';

export const MAX_PAGE = 500;

/** The arguments of every list. */
export type ListArguments = {
  readonly first: number;
  readonly after?: string | null | undefined;
  readonly asOf?: string | null | undefined;
};

export function checkFirst(first: number, most = MAX_PAGE, argument = 'first'): number {
  if (first < 1 || first > most) throw badInput(argument, `is from 1 to ${most}, not ${first}`);
  return first;
}

/** Which page is asked for. A page behind a cursor is read at the cursor's positions. */
export async function pageRequest(
  asked: Asked,
  order: ListOrder,
  { first, after, asOf }: ListArguments,
): Promise<PageRequest> {
  checkFirst(first);
  if (after === undefined || after === null) return { first, frontier: await asked.at(asOf) };
  const cursor = parseCursor(order, after);
  if (cursor === undefined)
    throw badInput('after', `is no cursor of this list; take an endCursor that ${order.name} gave`);
  const frontier = await requireReached(asked.store, cursor.frontier, 'after');
  return { first, frontier, after: cursor };
}

/** What is asked of a list: which rows, and which page of them. */
export type ListAsked<Filter> = ListArguments & { readonly filter: Filter };

/**
 * A Relay connection of the page of a list that is asked for.
 * @param nodesOf makes a node of each row; it has them all, to read at once what they share
 */
export async function answerList<Filter, Row extends object, Node>(
  asked: Asked,
  list: List<Filter, Row>,
  { filter, ...wanted }: ListAsked<Filter>,
  nodesOf: (page: Page<Row>) => readonly Node[],
) {
  const request = await pageRequest(asked, list.order, wanted);
  const page = await list.page(asked.store, { filter, ...request });
  return toConnection(page, nodesOf(page), () => list.count(asked.store, filter, page.frontier));
}

/** A Relay connection of a page. What is asked for seldom is a function, and read when it is. */
export function toConnection<Row extends object, Node>(
  { rows, hasNextPage, order, frontier }: Page<Row>,
  nodes: readonly Node[],
  totalCount: () => Promise<bigint>,
) {
  const cursorOf = (row: Row) => formatCursor(order, { behind: sortKeyOf(order, row), frontier });
  const last = rows.at(-1);
  return {
    nodes,
    edges: () => rows.map((row, index) => ({ cursor: cursorOf(row), node: nodes[index] })),
    pageInfo: { hasNextPage, endCursor: last === undefined ? null : cursorOf(last) },
    totalCount,
    readAt: formatFrontier(frontier),
  };
}
