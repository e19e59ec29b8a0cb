import { unwrapResolverError } from '@apollo/server/errors';
import { StoreError } from '@chargeproof/tables';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema, isEnumType } from 'graphql';
import { argumentOf } from './argument-of.ts';
import type { Log } from './log.ts';

const SERVER_FAULT = 'INTERNAL_SERVER_ERROR';

/** What the person who asked can do something about, by why the store gave up. */
const TOO_MUCH: Readonly<Record<string, string>> = {
  'too-slow': 'takes longer than it may: ask for fewer stations, or a shorter period',
  'too-large': 'is larger than it may be: ask for fewer stations, or a shorter period',
};

export type AnswerErrors = (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError;

/**
 * The one form of an error: a message, where in the question and in the answer, and as extensions a code and
 * the argument it is about. Of a fault of ours it says nothing but that; the log says what.
 */
export function answerErrors(schema: () => GraphQLSchema | undefined, log: Log): AnswerErrors {
  return (formatted, thrown) => {
    const cause = unwrapResolverError(thrown);
    const known = cause instanceof StoreError ? TOO_MUCH[cause.failure] : undefined;
    if (known !== undefined) return withCode(formatted, `the question ${known}`, { code: 'TOO_MUCH' });
    const code = codeOf(formatted);
    if (code === SERVER_FAULT) {
      log.error({ err: cause, path: formatted.path }, 'a question could not be answered');
      const message =
        'the question could not be answered, and that is our fault: the process that was asked has logged why';
      return withCode(formatted, message, { code });
    }
    // Its message repeats what was asked, a tag for one: that is for whoever asked.
    log.debug({ code }, 'a question was refused');
    const argument =
      formatted.extensions?.argument ?? (thrown instanceof GraphQLError ? argumentOf(thrown) : undefined);
    return withCode(formatted, withFix(formatted.message, schema()), {
      code,
      ...(argument !== undefined && { argument }),
    });
  };
}

const codeOf = ({ extensions }: GraphQLFormattedError) =>
  typeof extensions?.code === 'string' ? extensions.code : SERVER_FAULT;

function withCode(
  { locations, path }: GraphQLFormattedError,
  message: string,
  extensions: Record<string, unknown>,
): GraphQLFormattedError {
  return { message, ...(locations && { locations }), ...(path && { path }), extensions };
}

/** What a person gets who opens the address in a browser; the server's own words are about forgery. */
const ASK_BY_POST = `a question is sent by POST as application/json: {"query": "{ platform { lag } }"}`;

/** GraphQL tells that an enum has no such value, and its nearest at best: here are all of them. */
function withFix(message: string, schema: GraphQLSchema | undefined): string {
  if (message.includes('(CSRF)')) return ASK_BY_POST;
  const name = /does not exist in "(\w+)" enum/.exec(message)?.[1];
  const type = name === undefined ? undefined : schema?.getType(name);
  if (!isEnumType(type)) return message;
  const values = type.getValues().map((value) => value.name);
  return `${message} It is one of ${values.join(', ')}.`;
}
