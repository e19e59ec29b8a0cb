import type { Breach } from '@chargeproof/conformance';
import type { FrameObservation, RecordObservation } from '@chargeproof/ocpp';
import { integerOf, member, payloadIn, withConnection, without, wordOf } from '@chargeproof/ocpp';
import type { ConnectionId, Direction, Micros, RecordId } from '@chargeproof/record';

/** A CALL under way. Two younger than this are out of turn; an older one was given up by who sent it. */
const GIVEN_UP_AFTER: Micros = 30_000_000;
const MICROS_PER_SECOND = 1_000_000;
const MOST_TRIGGERED = 16;
/** All imported frames of a station are one conversation: a recording does not show sockets. */
const IMPORTED = 'import';

type Open = { readonly record: RecordId; readonly time: Micros };
type OpenByDirection = Readonly<Partial<Record<Direction, Open>>>;

/** Where a station stands between boot and acceptance (OCPP 1.6, 4.2). Unknown until a boot was seen. */
type Registration = {
  readonly status: 'unknown' | 'Accepted' | 'Pending' | 'Rejected';
  /** Of a rejection: until when nothing may be sent. */
  readonly until: Micros;
  /** Actions that the central system asked for while it is pending. */
  readonly triggered: readonly string[];
};

export type Turns = {
  readonly open: Readonly<Record<string, OpenByDirection>>;
  /** A BootNotification without its answer yet. */
  readonly booting: { readonly record: RecordId; readonly conversation: string } | null;
  readonly registration: Registration;
};

export const NO_TURNS: Turns = {
  open: {},
  booting: null,
  registration: { status: 'unknown', until: 0, triggered: [] },
};

export type OutOfTurn = Breach & { readonly other: RecordId | null };
export type Turn = { readonly state: Turns; readonly breaches: readonly OutOfTurn[] };

/**
 * A frame in its conversation: whether it was its sender's turn to make a CALL. One that is malformed is
 * no CALL that its receiver could answer, and takes nobody's turn.
 */
export function followTurn(state: Turns, observation: FrameObservation): Turn {
  const conversation = conversationOf(observation);
  if (conversation === undefined) return { state, breaches: [] };
  if (observation.frame.fault !== undefined) return { state, breaches: [] };
  if (observation.frame.kind === 'call') return followCall(state, observation, conversation);
  return { state: observation.call ? followAnswer(state, observation, conversation) : state, breaches: [] };
}

/** A connection that is over has nothing open. */
export function endConversation(state: Turns, { connection }: RecordObservation): Turns {
  if (connection === undefined || !(connection in state.open)) return state;
  const booting = state.booting?.conversation === connection ? null : state.booting;
  return { ...state, booting, open: without(state.open, connection) };
}

function conversationOf({ record, connection }: FrameObservation): ConnectionId | undefined {
  return record.attributes.witness === 'import' ? IMPORTED : connection;
}

function followCall(state: Turns, observation: FrameObservation, conversation: string): Turn {
  const { record, time } = observation;
  const { direction } = record.attributes;
  if (direction === undefined) return { state, breaches: [] };
  const calls = state.open[conversation] ?? {};
  const breaches = [
    ...concurrent(calls[direction], time),
    ...(direction === 'station-to-csms'
      ? beforeAcceptance(state, observation, conversation)
      : whilePending(state.registration, observation)),
  ];
  const open = withConnection(state.open, conversation, {
    ...calls,
    [direction]: { record: record.attributes.id, time },
  });
  return { state: afterCall({ ...state, open }, observation, conversation), breaches };
}

function concurrent(open: Open | undefined, time: Micros): readonly OutOfTurn[] {
  if (open === undefined || time - open.time >= GIVEN_UP_AFTER) return [];
  return [{ rule: 'rpc-concurrent-call', detail: 'an earlier CALL is not answered yet', other: open.record }];
}

function beforeAcceptance(
  { booting, registration }: Turns,
  { frame, time }: FrameObservation,
  conversation: string,
): readonly OutOfTurn[] {
  const boots = frame.action === 'BootNotification';
  if (booting?.conversation === conversation && !boots) {
    const detail = 'BootNotification is not answered yet';
    return [{ rule: 'boot-call-before-accepted', detail, other: booting.record }];
  }
  const { status, until, triggered } = registration;
  if (status === 'Rejected' && time < until) {
    return [{ rule: 'boot-call-while-rejected', detail: 'the interval is not over', other: null }];
  }
  if (status === 'Pending' && !boots && !triggered.includes(frame.action ?? '')) {
    return [{ rule: 'boot-call-while-pending', detail: 'it was not triggered', other: null }];
  }
  return [];
}

const REMOTE: ReadonlySet<string | undefined> = new Set(['RemoteStartTransaction', 'RemoteStopTransaction']);

function whilePending({ status }: Registration, { frame }: FrameObservation): readonly OutOfTurn[] {
  if (status !== 'Pending' || !REMOTE.has(frame.action)) return [];
  return [{ rule: 'boot-remote-tx-in-pending', detail: 'the station is Pending', other: null }];
}

const TRIGGERS: ReadonlySet<string | undefined> = new Set(['TriggerMessage', 'ExtendedTriggerMessage']);

function afterCall(state: Turns, { frame, record }: FrameObservation, conversation: string): Turns {
  const up = record.attributes.direction === 'station-to-csms';
  if (up && frame.action === 'BootNotification') {
    return { ...state, booting: { record: record.attributes.id, conversation } };
  }
  if (up || state.registration.status !== 'Pending' || !TRIGGERS.has(frame.action)) return state;
  const asked = wordOf(member(payloadIn(frame), 'requestedMessage'));
  if (asked === null) return state;
  const triggered = [...state.registration.triggered.slice(1 - MOST_TRIGGERED), asked];
  return { ...state, registration: { ...state.registration, triggered } };
}

function followAnswer(state: Turns, observation: FrameObservation, conversation: string): Turns {
  const { call } = observation;
  if (!call) return state;
  const calls = state.open[conversation];
  const answered = calls?.[call.direction]?.record === call.recordId;
  const open = answered
    ? withConnection(state.open, conversation, without(calls, call.direction) as OpenByDirection)
    : state.open;
  if (state.booting?.record !== call.recordId) return answered ? { ...state, open } : state;
  return { open, booting: null, registration: registered(state.registration, observation) };
}

function registered(before: Registration, { frame, time }: FrameObservation): Registration {
  const payload = payloadIn(frame);
  const status = frame.kind === 'call-result' ? wordOf(member(payload, 'status')) : null;
  if (status !== 'Accepted' && status !== 'Pending' && status !== 'Rejected') return before;
  const seconds = Number(integerOf(member(payload, 'interval')) ?? 0);
  const waits = status === 'Rejected' && seconds > 0 && Number.isSafeInteger(seconds * MICROS_PER_SECOND);
  return { status, until: waits ? time + seconds * MICROS_PER_SECOND : 0, triggered: [] };
}
