import { respond } from '../asking/graphql-response.ts';
import { askPlatform, ASKED_OPTIONS } from '../asking/platform.ts';
import type { Command } from '../command.ts';
import { readCommandLine, UsageError } from '../options.ts';

/**
 * Asks one GraphQL question and prints the response, `{ "data": … }`, on stdout. What could not be answered
 * is told on stderr, a line each, and makes the exit code 1.
 */
export const query: Command = async (args) => {
  const { options, positionals } = readCommandLine(args, {
    ...ASKED_OPTIONS,
    variables: { type: 'string' },
  });
  const [question, ...more] = positionals;
  if (question === undefined || more.length > 0) {
    throw new UsageError(`query takes one question, in quotes: npx chargeproof query '{ platform { lag } }'`);
  }
  const variables = variablesOf(options.variables ?? '{}');
  const response = await askPlatform(options, (endpoint) => respond(endpoint, question, variables));
  process.stdout.write(`${JSON.stringify(response, null, options.json === true ? 0 : 2)}\n`);
  for (const { message } of response.errors ?? []) process.stderr.write(`${message}\n`);
  return response.errors === undefined ? 0 : 1;
};

function variablesOf(text: string): Record<string, unknown> {
  try {
    const variables: unknown = JSON.parse(text);
    if (typeof variables === 'object' && variables !== null && !Array.isArray(variables)) {
      return variables as Record<string, unknown>;
    }
  } catch {
    // Told below.
  }
  throw new UsageError(`--variables takes a JSON object, as '{"station": ["CP-1"]}'`);
}
