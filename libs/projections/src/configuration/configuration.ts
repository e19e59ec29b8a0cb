import type { CallRef, FrameObservation, Maybe, Observation } from '@chargeproof/ocpp';
import {
  booleanOf,
  bounded,
  caseless,
  itemsOf,
  member,
  MOST_OPEN_CALLS,
  payloadIn,
  textOf,
  wordOf,
} from '@chargeproof/ocpp';
import type { Fact, Projection, Step } from '@chargeproof/projection';
import { key, values } from './columns.ts';

/** What is known of a key; the rest of its row says how that came to be known. */
type Known = {
  readonly name: string;
  readonly value: string | null;
  readonly readonly: boolean | null;
  readonly state: 'known' | 'unknown' | 'pending-reboot';
};
/** A ChangeConfiguration that is not answered yet, by its record. */
type Asked = {
  readonly call: string;
  readonly connection?: string;
  readonly name: string;
  readonly value: string | null;
};
type State = { readonly asked: readonly Asked[]; readonly known: Readonly<Record<string, Known>> };

/** CiString500 (OCPP 1.6, 5.3): longer than that no value is; see `bounded`. */
const LONGEST_VALUE = 500;

/** Stations have a hundred keys or two. What one tells of beyond these is written again whenever it is told. */
const MOST_KEYS = 2000;

/** What the station says of its configuration keys, and what it took of what it was told to change. */
export const configuration: Projection<State> = {
  name: 'configuration',
  version: 1,
  of: 'station',
  key,
  values,
  initial: { asked: [], known: {} },
  apply(state, observation) {
    if (observation.kind !== 'frame') return { state: forget(state, observation), facts: [] };
    const { frame, record, call } = observation;
    if (frame.kind === 'call') {
      const isChange =
        frame.action === 'ChangeConfiguration' && record.attributes.direction === 'csms-to-station';
      return { state: isChange ? ask(state, observation) : state, facts: [] };
    }
    return call?.direction === 'csms-to-station' ? answered(state, observation, call) : { state, facts: [] };
  },
};

function ask({ asked, known }: State, { frame, record, connection }: FrameObservation): State {
  const payload = payloadIn(frame);
  const name = wordOf(member(payload, 'key'));
  if (name === null) return { asked, known };
  const value = wordOf(member(payload, 'value'), LONGEST_VALUE);
  // The reading forgets open CALLs beyond so many, so nothing will answer them.
  const kept = asked.length < MOST_OPEN_CALLS ? asked : asked.slice(1);
  const one = {
    call: record.attributes.id,
    ...(connection === undefined ? {} : { connection }),
    name,
    value,
  };
  return { asked: [...kept, one], known };
}

/** Where a connection is over, nothing on it is answered any more. (A recording's CALL may be answered in the next.) */
function forget(state: State, observation: Observation): State {
  if (observation.kind !== 'record' || !ENDS.has(observation.type)) return state;
  const asked = state.asked.filter(({ connection }) => connection !== observation.connection);
  return asked.length === state.asked.length ? state : { ...state, asked };
}

const ENDS: ReadonlySet<string> = new Set([
  'ocpp.connection-closed.v1',
  'recorder.run-started.v1',
  'recorder.run-stopped.v1',
]);

function answered(state: State, observation: FrameObservation, call: CallRef): Step<State> {
  const told = observation.frame.kind === 'call-result' ? toldBy(state, observation, call) : [];
  const asked = state.asked.filter((one) => one.call !== call.recordId);
  const after = asked.length === state.asked.length ? state : { ...state, asked };
  return told.length === 0 ? { state: after, facts: [] } : learn(after, told, observation, call);
}

function toldBy(state: State, { frame }: FrameObservation, { action, recordId }: CallRef): readonly Known[] {
  const payload = payloadIn(frame);
  if (action === 'GetConfiguration') return [...keysOf(payload), ...unknownKeysOf(payload)];
  const asked = state.asked.find(({ call }) => call === recordId);
  const status = textOf(member(payload, 'status'));
  return asked && status !== null ? changed(asked, status, knownOf(state, asked.name)) : [];
}

function keysOf(payload: Maybe): readonly Known[] {
  return itemsOf(member(payload, 'configurationKey')).flatMap((item) => {
    const name = wordOf(member(item, 'key'));
    if (name === null) return [];
    const value = wordOf(member(item, 'value'), LONGEST_VALUE);
    return [{ name, value, readonly: booleanOf(member(item, 'readonly')), state: 'known' as const }];
  });
}

function unknownKeysOf(payload: Maybe): readonly Known[] {
  return itemsOf(member(payload, 'unknownKey')).flatMap((item) => {
    const name = wordOf(item);
    return name === null ? [] : [unknown(name)];
  });
}

const unknown = (name: string): Known => ({ name, value: null, readonly: null, state: 'unknown' });

/** What an answer to a ChangeConfiguration (OCPP 1.6, 7.22) makes of the key. Other answers change nothing. */
function changed({ name, value }: Asked, status: string, before: Known | undefined): readonly Known[] {
  const held = { name: before?.name ?? name, readonly: before?.readonly ?? null };
  switch (status) {
    case 'Accepted':
      return [{ ...held, value, state: 'known' }];
    case 'RebootRequired':
      return [{ ...held, value, state: 'pending-reboot' }];
    case 'NotSupported':
      return before === undefined ? [unknown(name)] : [];
    default:
      return [];
  }
}

function learn(
  { asked, known }: State,
  told: readonly Known[],
  { record, time }: FrameObservation,
  { action, recordId }: CallRef,
): Step<State> {
  const after = { ...known };
  let room = MOST_KEYS - Object.keys(after).length;
  const facts: Fact[] = [];
  for (const one of told) {
    const member = memberOf(one.name);
    if (isSame(after[member], one)) continue;
    const isKept = member in after || room-- > 0;
    if (isKept) after[member] = one;
    const how = { source: action, since: time, call_record: recordId, answer_record: record.attributes.id };
    const fact: Fact = { key: { configuration_key: idOf(one.name) }, values: { ...one, ...how }, time };
    facts.push(isKept ? fact : { ...fact, settled: true });
  }
  return { state: { asked, known: after }, facts };
}

const isSame = (a: Known | undefined, b: Known) =>
  a?.name === b.name && a.value === b.value && a.readonly === b.readonly && a.state === b.state;

const knownOf = ({ known }: State, name: string): Known | undefined => known[memberOf(name)];

const idOf = (name: string): string => bounded(caseless(name));

/** Under which member of the state: a key may be called `__proto__`. */
const memberOf = (name: string): string => `.${idOf(name)}`;
