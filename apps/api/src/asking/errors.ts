import { GraphQLError } from 'graphql';

/** An argument that cannot be used: names it, and what it takes. */
export function badInput(argument: string, what: string): GraphQLError {
  return new GraphQLError(`${argument} ${what}`, { extensions: { code: 'BAD_USER_INPUT', argument } });
}
