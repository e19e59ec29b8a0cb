import { randomUUID } from 'node:crypto';
import { payloadFaults } from '@chargeproof/conformance';
import { ACTIONS_16 } from '@chargeproof/ocpp';
import type { CommandRequested, Micros, Subject } from '@chargeproof/record';
import { badInput } from '../asking/errors.ts';
import { checkText, type WhoDecides, whoDecides } from './who-decides.ts';

export type RequestCommandInput = WhoDecides & {
  readonly id?: string | null;
  readonly tenant: string;
  readonly station: string;
  readonly protocol: string;
  readonly action: string;
  readonly payload: unknown;
  /** Its list is made of what holds of the tenant's tags. */
  readonly fromPolicy: boolean;
  readonly expiresSeconds: number;
};

const DEFAULT_PROTOCOL = 'ocpp1.6';
/** Version → what may be asked of a station that speaks it; of 2.0.1 what works a Core station. */
const COMMANDS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    DEFAULT_PROTOCOL,
    [...ACTIONS_16].filter(([, goes]) => goes !== 'station-to-csms').map(([action]) => action),
  ],
  [
    'ocpp2.0.1',
    [
      'ChangeAvailability',
      'ClearCache',
      'DataTransfer',
      'GetBaseReport',
      'GetVariables',
      'RequestStartTransaction',
      'RequestStopTransaction',
      'Reset',
      'SetVariables',
      'TriggerMessage',
      'UnlockConnector',
    ],
  ],
]);
/** What a message id may be (OCPP-J 1.6, 4.1.4), of characters that need no escape anywhere. */
const ID = /^[A-Za-z0-9._~-]{1,36}$/;
const MOST_SECONDS = 3600;
const MOST_BYTES = 64 * 1024;

/** The command that an input asks for. @throws GraphQLError naming the member and the fix */
export function commandRequested(
  input: RequestCommandInput,
  now: Micros,
): { readonly subject: Subject; readonly requested: CommandRequested } {
  const { tenant, station, protocol, action, payload, expiresSeconds } = input;
  const command = input.id ?? randomUUID();
  if (!ID.test(command)) throw wrong('id', 'has 1 to 36 letters, digits and . _ ~ -');
  checkText('tenant', tenant);
  checkText('station', station);
  const who = whoDecides(input);
  if (expiresSeconds < 1 || expiresSeconds > MOST_SECONDS)
    throw wrong('expiresSeconds', `is from 1 to ${MOST_SECONDS}, not ${expiresSeconds}`);
  return {
    subject: { tenant, station },
    requested: {
      command,
      action,
      ...(protocol !== DEFAULT_PROTOCOL && { protocol }),
      payload: checkedPayload(protocol, action, payload),
      ...who,
      expires: now + expiresSeconds * 1_000_000,
    },
  };
}

function checkedPayload(
  protocol: string,
  action: string,
  payload: unknown,
): Readonly<Record<string, unknown>> {
  const commands = COMMANDS.get(protocol);
  if (commands === undefined) throw wrong('protocol', `is one of ${[...COMMANDS.keys()].join(', ')}`);
  const faults = commands.includes(action) ? payloadFaults(protocol, action, 'call', payload) : undefined;
  if (faults === undefined)
    throw wrong('action', `is none that a central system begins here in ${protocol}: ${commands.join(', ')}`);
  const [fault] = faults;
  if (fault !== undefined)
    throw wrong(['payload', fault.member].filter((name) => name !== '').join('.'), fault.what);
  if (Buffer.byteLength(JSON.stringify(payload)) > MOST_BYTES)
    throw wrong('payload', `has at most ${MOST_BYTES} bytes`);
  return payload as Readonly<Record<string, unknown>>;
}

const wrong = (member: string, what: string) => badInput(`input.${member}`, what);
