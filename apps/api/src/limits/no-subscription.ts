import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';

/** Refuses over HTTP what goes on for longer than one answer: it would be answered with a stream that nobody can write. */
export const noSubscription: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ operation }) =>
        operation?.operation === OperationTypeNode.SUBSCRIPTION
          ? Promise.reject(overSocket())
          : Promise.resolve(),
    }),
};

const overSocket = () =>
  new GraphQLError(
    'a subscription is asked for over a WebSocket at this address, with the subprotocol graphql-transport-ws',
    { extensions: { code: 'BAD_REQUEST' } },
  );
