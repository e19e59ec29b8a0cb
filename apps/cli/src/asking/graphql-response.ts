/** Where the query process answers, and what it wants to be shown. */
export type Endpoint = { readonly address: string; readonly token?: string };

/** As GraphQL over HTTP has it: `data` where anything was answered, `errors` where something was not. */
export type GraphqlResponse = {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
};

/** Asks as anybody would, over HTTP. @throws Error where what answers is no GraphQL server */
export async function respond(
  { address, token }: Endpoint,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<GraphqlResponse> {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as GraphqlResponse;
  if (body.data === undefined && body.errors === undefined) {
    throw new Error(`${address}/graphql answered ${response.status} without data`);
  }
  return body;
}

/** As {@link respond}, where nothing may go wrong. @throws Error with the server's own messages */
export async function answerTo<Answer>(
  endpoint: Endpoint,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const { data, errors = [] } = await respond(endpoint, query, variables);
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('; '));
  return data as Answer;
}
