import type { ApolloClient, OperationVariables, TypedDocumentNode } from '@apollo/client';
import type { ProofFragment } from '../questions/generated.ts';

/** Asks for the frames behind one figure. */
export type EvidenceQuestion = (client: ApolloClient) => Promise<ProofFragment | undefined>;

/** A question, and where in its answer the figure's evidence stands. */
export function evidenceOf<Data, Variables extends OperationVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  pick: (data: Data) => { readonly evidence: ProofFragment } | undefined,
): EvidenceQuestion {
  return async (client) => {
    const options = { query, variables } as unknown as ApolloClient.QueryOptions<Data, Variables>;
    const { data } = await client.query(options);
    return data === undefined ? undefined : pick(data)?.evidence;
  };
}

/** A figure's own station, and the positions at which the figure was read: its evidence is read there, too. */
export type At = { readonly tenant: string; readonly station: string; readonly asOf: string | undefined };
export type AtPeriod = At & { readonly from: string; readonly to: string };
