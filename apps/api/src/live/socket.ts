import type { IncomingMessage } from 'node:http';
import type { Store } from '@chargeproof/tables';
import {
  type ExecutionArgs,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import type { ServerOptions, SubscribePayload } from 'graphql-ws';
import { type Access, mayAsk } from '../access/bearer.ts';
import { maySubscribe } from '../access/host-check.ts';
import { Asked, type AskedContext } from '../asking/asked.ts';
import type { AnswerErrors } from '../errors/answer-error.ts';
import { checkCost } from '../limits/cost.ts';
import type { RequestCounts } from '../operations/request-counts.ts';

export type SocketParts = {
  readonly store: Store;
  readonly loopbackOnly: boolean;
  readonly access: Access;
  readonly schema: () => GraphQLSchema | undefined;
  readonly answerError: AnswerErrors;
  readonly counts: RequestCounts;
};

/** What graphql-ws hands on of the request that a socket began with. */
type Upgraded = { readonly request: IncomingMessage };
type Options = Pick<
  ServerOptions<Record<string, unknown>, Upgraded>,
  'onConnect' | 'onSubscribe' | 'onError' | 'onNext'
>;

/** A socket is let in, answered and refused as a request is: browsers, tokens, limits, errors. */
export function socketOptions(parts: SocketParts): Options {
  const { loopbackOnly, access, answerError, counts } = parts;
  const formatted = (error: GraphQLError) =>
    answerError({ ...error.toJSON(), extensions: coded(error) }, error);
  return {
    // A browser's sockets have no headers of their own: there the token comes with `connection_init`.
    onConnect: ({ extra: { request }, connectionParams }) =>
      maySubscribe(request, loopbackOnly) &&
      mayAsk(access, request.headers.authorization ?? connectionParams?.authorization, request),
    onSubscribe: (_context, _id, payload) => {
      const prepared = prepare(parts, payload);
      counts.subscriptions.add(Array.isArray(prepared) ? 'refused' : 'answered');
      return prepared;
    },
    onError: (_context, _id, _payload, errors) => errors.map(formatted),
    onNext: (_context, _id, _payload, _args, { errors, ...result }) =>
      errors === undefined
        ? undefined
        : ({ ...result, errors: errors.map(formatted) } as FormattedExecutionResult),
  };
}

function prepare({ schema, store }: SocketParts, payload: SubscribePayload): ExecutionArgs | GraphQLError[] {
  const known = schema();
  if (known === undefined) return [new GraphQLError('the API is starting')];
  const document = parsed(payload.query);
  if (document instanceof GraphQLError) return [document];
  const { operationName, variables } = payload;
  const invalid = validate(known, document);
  if (invalid.length > 0) return [...invalid];
  const tooMuch = checkCost({ schema: known, document, operationName, variables });
  if (tooMuch !== undefined) return [tooMuch];
  const contextValue: AskedContext = { asked: new Asked(store) };
  return { schema: known, document, operationName, variableValues: variables, contextValue };
}

function parsed(query: string) {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** Over HTTP the server gives codes; here what is wrong with the question has none, nor a place in an answer. */
function coded({ extensions, path, originalError }: GraphQLError): Record<string, unknown> {
  if (extensions.code !== undefined) return extensions;
  const ofOurs =
    path !== undefined || (originalError !== undefined && !(originalError instanceof GraphQLError));
  return { ...extensions, code: ofOurs ? 'INTERNAL_SERVER_ERROR' : 'BAD_USER_INPUT' };
}
