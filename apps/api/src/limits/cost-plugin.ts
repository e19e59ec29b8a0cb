import type { ApolloServerPlugin } from '@apollo/server';
import { checkCost } from './cost.ts';

/** Refuses what would cost too much before it is run, over HTTP. */
export const costLimit: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ schema, document, request }) => {
        const { operationName, variables } = request;
        const error = checkCost({ schema, document, operationName, variables });
        return error === undefined ? Promise.resolve() : Promise.reject(error);
      },
    }),
};
