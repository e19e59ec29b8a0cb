import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import { OperationTypeNode } from 'graphql';
import { token, tokenGiven } from './token.ts';

const bearer = () => {
  const kept = token.read();
  return kept === null ? {} : { authorization: `Bearer ${kept}` };
};

/** With the token, where one was given; where one is asked for, again once there is one. */
async function ask(url: RequestInfo | URL, request: RequestInit = {}): Promise<Response> {
  const headers = { ...(request.headers as Record<string, string>), ...bearer() };
  const response = await fetch(url, { ...request, headers });
  if (response.status !== 401) return response;
  token.forget();
  await tokenGiven();
  return ask(url, request);
}

const questions = new HttpLink({ uri: '/graphql', fetch: ask });
const subscriptions = new GraphQLWsLink(
  createClient({
    url: '/graphql',
    lazy: true,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    connectionParams: bearer,
  }),
);

/**
 * What the API answers is kept by nobody: the same id has other facts at another position of the log, and a
 * cache of ids would mix them.
 */
export const client = new ApolloClient({
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    subscriptions,
    questions,
  ),
  cache: new InMemoryCache({ dataIdFromObject: () => undefined }),
  defaultOptions: {
    watchQuery: { fetchPolicy: 'no-cache' },
    query: { fetchPolicy: 'no-cache' },
  },
});
