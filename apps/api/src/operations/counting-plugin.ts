import type { ApolloServerPlugin } from '@apollo/server';
import { outcomeOf, type RequestCounts } from './request-counts.ts';

/** Counts what is asked over HTTP, by outcome, and how long answering took. */
export const countRequests = (counts: RequestCounts): ApolloServerPlugin => ({
  requestDidStart: () => {
    const begun = performance.now();
    return Promise.resolve({
      willSendResponse: ({ response: { body } }) => {
        counts.requests.add(outcomeOf(body.kind === 'single' ? body.singleResult.errors : undefined));
        counts.answering.took(performance.now() - begun);
        return Promise.resolve();
      },
    });
  },
});
