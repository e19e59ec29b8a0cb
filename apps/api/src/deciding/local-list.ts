import { type ConfigurationRow, configurationAt, type Frontier } from '@chargeproof/projections';
import type { CommandRequested, Micros, Subject } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { badInput } from '../asking/errors.ts';
import type { RequestCommandInput } from './command-request.ts';

/** What a station says of how long a list it takes, in one message and in all (OCPP 1.6, 9.2). */
const LIMITS: readonly string[] = ['localauthlistmaxlength', 'sendlocallistmaxlength'];
const SINCE = Date.UTC(2025, 0, 1) * 1000;

/** The command as it is asked for, its payload without the list. @throws GraphQLError naming the member and the fix */
export function fullList(input: RequestCommandInput, now: Micros): RequestCommandInput {
  const { action, protocol, payload } = input;
  if (action !== 'SendLocalList' || protocol !== 'ocpp1.6')
    throw badInput('input.fromPolicy', 'is of SendLocalList in ocpp1.6');
  const given = typeof payload === 'object' && payload !== null ? payload : {};
  if ('localAuthorizationList' in given)
    throw badInput('input.payload.localAuthorizationList', 'is what the policy says: leave it out');
  if ('updateType' in given && given.updateType !== 'Full')
    throw badInput('input.payload.updateType', 'is Full: the policy says all there is');
  // Rises, and a station that was told by hand began lower.
  const listVersion = Math.floor((now - SINCE) / 1_000_000);
  return { ...input, payload: { listVersion, ...given, updateType: 'Full' } };
}

/** How many tags the station takes, where it has told. */
export async function limitOf(
  store: Store,
  { tenant, station }: Subject,
  frontier: Frontier,
): Promise<NonNullable<CommandRequested['fromPolicy']>> {
  const rows = await configurationAt(store, { tenant, station: [station], frontier });
  const limits = rows.filter(isLimit).map(({ value }) => Number(value));
  return limits.length === 0 ? {} : { most: Math.min(...limits) };
}

const isLimit = ({ configuration_key, value, state }: ConfigurationRow) =>
  state !== 'unknown' &&
  LIMITS.includes(configuration_key) &&
  value !== null &&
  /^\d{1,9}$/.test(value.trim());
