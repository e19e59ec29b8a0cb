import { userInfo } from 'node:os';
import { text } from 'node:stream/consumers';
import { DEFAULT_TENANT, parseStationName, type Subject } from '@chargeproof/record';
import { askPlatform, DECIDING_OPTIONS } from '../asking/platform.ts';
import type { Command } from '../command.ts';
import { requested, type Wish, whenEnded } from '../commanding/asking.ts';
import { commandText } from '../commanding/told.ts';
import { readCommandLine, secondsIn, UsageError } from '../options.ts';

/**
 * Asks a station to do something, waits for what comes of it, and prints that. Exit code 0 only where the station
 * has answered that it does it; with `--no-wait` where the command was taken.
 */
export const command: Command = async (args) => {
  const { options, positionals } = readCommandLine(args, {
    ...DECIDING_OPTIONS,
    expires: { type: 'string' },
    id: { type: 'string' },
    protocol: { type: 'string' },
    'from-policy': { type: 'boolean' },
    'no-wait': { type: 'boolean' },
  });
  const [name, action, payload = '{}', ...more] = positionals;
  if (name === undefined || action === undefined || more.length > 0) {
    throw new UsageError(
      `command takes a station, an action and its payload: npx chargeproof command CP-1 Reset '{"type": "Soft"}'`,
    );
  }
  const wish: Wish = {
    ...subjectOf(name, options.tenant),
    action,
    payload: await payloadOf(payload),
    actor: options.actor ?? userInfo().username,
    ...(options['from-policy'] === true && { fromPolicy: true }),
    ...given({ id: options.id, protocol: options.protocol, reason: options.reason }),
    ...(options.expires !== undefined && { expiresSeconds: secondsIn('expires', options.expires) }),
  };
  const waits = options['no-wait'] !== true;
  const told = await askPlatform(options, async (endpoint) => {
    const asked = await requested(endpoint, wish);
    return waits ? whenEnded(endpoint, asked) : asked;
  });
  process.stdout.write(options.json === true ? `${JSON.stringify(told)}\n` : commandText(told));
  return !waits || told.accepted === true ? 0 : 1;
};

/** What was left out has no member. */
const given = <Options extends object>(options: Options) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    readonly [Name in keyof Options]?: Exclude<Options[Name], undefined>;
  };

function subjectOf(name: string, tenant: string | undefined): Subject {
  const subject = parseStationName(name);
  if (subject === undefined) throw new UsageError(`"${name}" is no [tenant/]station`);
  if (tenant === undefined) return subject;
  if (subject.tenant !== DEFAULT_TENANT && subject.tenant !== tenant)
    throw new UsageError(`"${name}" is not of the tenant "${tenant}"`);
  return { ...subject, tenant };
}

/** `-` is stdin: arguments are seen by whoever lists this machine's processes, and kept by shells. */
async function payloadOf(argument: string): Promise<unknown> {
  const written = argument === '-' ? await text(process.stdin) : argument;
  try {
    return JSON.parse(written);
  } catch {
    // It is not repeated: there may be a key in it.
    throw new UsageError(`the payload is a JSON object, as '{"type": "Soft"}', or - for one on stdin`);
  }
}
