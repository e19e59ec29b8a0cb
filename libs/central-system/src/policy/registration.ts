import { parseStationName, recordKey } from '@chargeproof/record';
import { entriesOf, membersOf, oneOf, PolicyFault } from './policy-file.ts';

export const REGISTRATIONS = ['Accepted', 'Pending', 'Rejected'] as const;
export type RegistrationStatus = (typeof REGISTRATIONS)[number];

/** What a BootNotification is answered (OCPP 1.6, 4.2; 2.0.1, B01 to B03). */
export type Registration = {
  readonly status: RegistrationStatus;
  /** Seconds between heartbeats; where it is not accepted, until the station may boot again. */
  readonly interval: number;
};

export type RegistrationPolicy = {
  /** By key. */
  readonly stations: ReadonlyMap<string, Registration>;
  readonly others: Registration;
};

/** Seconds between a station's heartbeats. */
const HEARTBEAT_SECONDS = 300;
/** Seconds until a station that is not accepted asks again: an operator who has accepted it is waiting. */
const RETRY_SECONDS = 60;
/** A day: beyond it stations' timers are known to fail. */
export const LONGEST_SECONDS = 86_400;

const registered = (status: RegistrationStatus): Registration => ({
  status,
  interval: status === 'Accepted' ? HEARTBEAT_SECONDS : RETRY_SECONDS,
});

export const OPEN_REGISTRATION: RegistrationPolicy = { stations: new Map(), others: registered('Accepted') };

/**
 * Reads `{"others": "Pending", "stations": {"CP-1": "Accepted", "acme/CP-2": {"status": "Rejected", "interval": 600}}}`.
 * @throws PolicyFault naming the entry that cannot be used
 */
export function readRegistrationPolicy(json: unknown): RegistrationPolicy {
  const { others = 'Accepted', stations = {} } = membersOf(json, ['others', 'stations']);
  const entries = entriesOf(stations, 'stations').map(
    ([name, value]) => [keyOf(name), readRegistration(value, `"${name}"`)] as const,
  );
  return { others: readRegistration(others, 'others'), stations: new Map(entries) };
}

function keyOf(name: string): string {
  const station = parseStationName(name);
  if (station === undefined) throw new PolicyFault(`stations names "${name}", which is no [tenant/]station`);
  return recordKey(station);
}

function readRegistration(value: unknown, where: string): Registration {
  if (typeof value === 'string') return registered(oneOf(REGISTRATIONS, value, where));
  const { status, interval } = membersOf(value, ['status', 'interval'], where);
  const usual = registered(oneOf(REGISTRATIONS, status, `${where}.status`));
  if (interval === undefined) return usual;
  if (isInterval(interval)) return { ...usual, interval };
  throw new PolicyFault(`${where}.interval takes seconds from 1 to ${LONGEST_SECONDS}`);
}

const isInterval = (seconds: unknown): seconds is number =>
  Number.isInteger(seconds) && Number(seconds) >= 1 && Number(seconds) <= LONGEST_SECONDS;

/** As a record has it; undefined of what is none. */
export function registrationOf({
  status,
  interval,
}: {
  readonly status: string;
  readonly interval?: number;
}): Registration | undefined {
  const word = REGISTRATIONS.find((each) => each === status);
  if (word === undefined || (interval !== undefined && !isInterval(interval))) return undefined;
  return { ...registered(word), ...(interval !== undefined && { interval }) };
}
