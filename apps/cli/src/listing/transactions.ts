import { answerTo, type Endpoint } from '../asking/graphql-response.ts';
import { table } from '../table.ts';

/** As `transactions` is filtered. */
export type Wanted = {
  readonly tenant: string;
  readonly idTag?: readonly string[];
  readonly station?: readonly string[];
  readonly transactionId?: string;
  /** RFC 3339. */
  readonly from?: string;
  readonly to?: string;
};

/** As GraphQL has it. */
type Told = {
  /** Record id of the first frame that proves it. */
  readonly id: string;
  readonly station: string;
  readonly connector: number | null;
  readonly kind: string;
  readonly transactionId: string | null;
  /** A stand-in. */
  readonly idTag: string | null;
  readonly clearIdTag: { readonly value: string | null } | null;
  readonly startedAt: string | null;
  readonly stoppedAt: string | null;
  readonly energy: {
    /** Exact decimal. */
    readonly energyWh: string | null;
    readonly method: string | null;
    readonly confidence: string;
    readonly findings: readonly { readonly code: string; readonly detail: string }[];
  };
};
type Page = {
  readonly totalCount: string;
  readonly readAt: string;
  readonly nodes: readonly Told[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};
export type Listed = Pick<Page, 'totalCount' | 'readAt'> & { readonly transactions: readonly Told[] };

/** So many the API gives in one answer. */
const PAGE = 500;
const QUESTION = `query ($filter: TransactionFilter!, $first: Int!, $after: String) {
  transactions(filter: $filter, first: $first, after: $after) {
    totalCount readAt pageInfo { hasNextPage endCursor }
    nodes {
      id station connector kind transactionId idTag clearIdTag { value hidden detail } startedAt stoppedAt
      energy { energyWh method confidence findings { code detail } }
    }
  }
}`;

/** The newest that are wanted, at most so many, all read at the same positions. @throws CommandFailed */
export async function listedTransactions(endpoint: Endpoint, filter: Wanted, most: number): Promise<Listed> {
  const nodes: Told[] = [];
  let page: Page | undefined;
  do {
    const first = Math.min(PAGE, most - nodes.length);
    page = await pageOf(endpoint, { filter, first, after: page?.pageInfo.endCursor ?? null });
    nodes.push(...page.nodes);
  } while (page.pageInfo.hasNextPage && nodes.length < most);
  return { transactions: nodes, totalCount: page.totalCount, readAt: page.readAt };
}

async function pageOf(endpoint: Endpoint, variables: Readonly<Record<string, unknown>>): Promise<Page> {
  const { transactions } = await answerTo<{ transactions: Page }>(endpoint, QUESTION, variables);
  return transactions;
}

/** For people: a line each, and how many there are that are not shown. */
export function transactionsText({ transactions, totalCount }: Listed): string {
  if (transactions.length === 0) return 'No transaction is such.\n';
  const head = ['began', 'ended', 'station', 'connector', 'transaction', 'tag', 'Wh', 'known how', 'record'];
  const shown = `${transactions.length} of ${totalCount}`;
  const more = String(transactions.length) === totalCount ? '' : ', the newest; --first N shows more';
  return `${table(head, transactions.map(rowOf))}${shown}${more}\n`;
}

function rowOf(told: Told) {
  const { id, station, connector, transactionId, idTag, clearIdTag, energy } = told;
  return [
    told.startedAt,
    told.stoppedAt,
    station,
    connector,
    transactionId ?? (told.kind === 'TRANSACTION' ? null : told.kind),
    clearIdTag?.value ?? idTag,
    energy.energyWh,
    [energy.method, energy.confidence, ...energy.findings.map(({ code }) => code)].filter(Boolean).join(' '),
    id,
  ];
}
