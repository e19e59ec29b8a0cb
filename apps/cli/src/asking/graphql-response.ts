import { variableName } from '@chargeproof/config';
import { CommandFailed } from '../command.ts';

/** Where the query process answers, and what it wants to be shown. */
export type Endpoint = { readonly address: string; readonly token?: string };

/** As GraphQL over HTTP has it: `data` where anything was answered, `errors` where something was not. */
export type GraphqlResponse = {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
};

/** Asks as anybody would, over HTTP. @throws CommandFailed where nothing answers, no GraphQL server does, or it lets nobody in without its token */
export async function respond(
  { address, token }: Endpoint,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<GraphqlResponse> {
  const url = `${address}/graphql`;
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
  }).catch((error: unknown) => {
    throw new CommandFailed(`${url} does not answer any more`, { cause: error });
  });
  if (response.status === 401) {
    throw new CommandFailed(
      `${address} refuses: set ${variableName('api', 'token')}, or ${variableName('api', 'tokenFile')}, to the token of that API`,
    );
  }
  const body = (await response.json().catch(() => ({}))) as GraphqlResponse;
  if (body.data === undefined && body.errors === undefined) {
    throw new CommandFailed(`${url} answered ${response.status} without data`);
  }
  return body;
}

/** As {@link respond}, where nothing may go wrong. @throws CommandFailed with the server's own messages */
export async function answerTo<Answer>(
  endpoint: Endpoint,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const { data, errors = [] } = await respond(endpoint, query, variables);
  // What a mutation calls `input.reason` is `reason` to who typed it.
  const said = errors.map(({ message }) => message.replace(/^input\./, ''));
  if (said.length > 0) throw new CommandFailed(said.join('; '));
  return data as Answer;
}
