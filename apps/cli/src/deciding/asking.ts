import { answerTo, type Endpoint } from '../asking/graphql-response.ts';

/** Whose policy, who decides it and why: of every mutation. */
export type Deciding = { readonly tenant: string; readonly actor: string; readonly reason?: string };

/** So many nodes a question gives at most. */
const PAGE = 500;

type Paged = {
  readonly nodes: readonly object[];
  readonly others: object;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

/** What holds of a tenant's tags or stations, all pages of it, as one. @throws CommandFailed */
export async function listed(
  endpoint: Endpoint,
  { name, arguments: types, fields, othersFields }: Listing,
  variables: Readonly<Record<string, unknown>>,
): Promise<Pick<Paged, 'nodes' | 'others'>> {
  const query = `query ($tenant: String!, $after: String${types.declared}) {
    told: ${name}(tenant: $tenant, first: ${PAGE}, after: $after${types.given}) {
      nodes { ${fields} } others { ${othersFields} } pageInfo { hasNextPage endCursor } } }`;
  const nodes: object[] = [];
  for (let after: string | null = null; ;) {
    const { told }: { told: Paged } = await answerTo(endpoint, query, { ...variables, after });
    nodes.push(...told.nodes);
    if (!told.pageInfo.hasNextPage) return { nodes, others: told.others };
    after = told.pageInfo.endCursor;
  }
}

export type Listing = {
  readonly name: 'idTags' | 'registrations';
  /** Of the question, besides the tenant. */
  readonly arguments: { readonly declared: string; readonly given: string };
  readonly fields: string;
  readonly othersFields: string;
};

/** Decides. Tags travel as variables. @throws CommandFailed with what is wrong with it */
export async function decided(
  endpoint: Endpoint,
  mutation: string,
  fields: string,
  input: Deciding & Readonly<Record<string, unknown>>,
): Promise<object> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { told: ${mutation}(input: $input) { ${fields} } }`;
  const { told } = await answerTo<{ told: object }>(endpoint, query, { input });
  return told;
}
