import type { CallRef, DueObservation, FrameObservation, RecordObservation } from '@chargeproof/ocpp';
import {
  bounded,
  callRef,
  IMPORTED,
  isResponse,
  MOST_OPEN_CALLS,
  poolOf,
  withConnection,
  without,
} from '@chargeproof/ocpp';
import type { Fact, Projection, Step } from '@chargeproof/projection';
import type { ConnectionId, Micros } from '@chargeproof/record';
import type { Columns, Row } from '@chargeproof/tables';

/**
 * After so long without a response a CALL counts as unanswered, in microseconds. OCPP-J leaves the time
 * to the implementation; 30 s is what the common stacks wait by default before they give a CALL up.
 */
export const ANSWER_TIMEOUT: Micros = 30_000_000;

/**
 * `late`: answered after it had counted as unanswered. `orphan`: a response whose CALL was not seen.
 * `unknown`: the gateway's run ended first, so whether an answer came nobody saw.
 */
export type Outcome = 'pending' | 'result' | 'error' | 'unanswered' | 'late' | 'orphan' | 'unknown';

const key = { exchange: 'String' } as const satisfies Columns;
const values = {
  /** The CALL's connection or recording; of an orphan its own. */
  connection: 'String',
  /** Which way the CALL went. */
  direction: 'LowCardinality(String)',
  message_id: 'String',
  /** Null on an orphan. */
  action: 'Nullable(String)',
  outcome: 'LowCardinality(String)',
  error_code: 'Nullable(String)',
  called: "Nullable(DateTime64(6, 'UTC'))",
  answered: "Nullable(DateTime64(6, 'UTC'))",
  /** Microseconds between the two frames: at the gateway by its monotonic clock, in a recording as claimed. */
  latency: 'Nullable(Int64)',
  call_record: 'Nullable(String)',
  answer_record: 'Nullable(String)',
} as const satisfies Columns;

/** A CALL without an answer yet; `expired` once it has been called unanswered. */
type Pending = {
  readonly call: CallRef;
  readonly expired: boolean;
  /** Where an imported one was seen. */
  readonly recording?: ConnectionId;
};
/** Of one connection: what is pending, oldest first, and the last effective time it was heard of. */
type Waiting = { readonly pending: readonly Pending[]; readonly heard: Micros };
/** By connection; what recordings show is together under `IMPORTED`. */
type State = { readonly connections: Readonly<Record<ConnectionId, Waiting>> };

/** Every CALL with what became of it, and every response that belongs to none. */
export const exchanges: Projection<State> = {
  name: 'exchanges',
  version: 1,
  of: 'station',
  key,
  values,
  initial: { connections: {} },
  due,
  apply(state, observation) {
    if (observation.kind === 'due') return expire(state, observation);
    if (observation.kind === 'same-as' || observation.connection === undefined) return { state, facts: [] };
    if (observation.kind === 'record') return followRecord(state, observation, observation.connection);
    return followFrame(state, observation, observation.connection);
  },
};

function due({ connections }: State): Micros | undefined {
  let first: Micros | undefined;
  for (const connection in connections) {
    const next = connections[connection]?.pending.find(({ expired }) => !expired);
    if (next && (first === undefined || next.call.time < first)) first = next.call.time;
  }
  return first === undefined ? undefined : first + ANSWER_TIMEOUT;
}

function expire({ connections }: State, { time }: DueObservation): Step<State> {
  const facts: Fact[] = [];
  const after: Record<ConnectionId, Waiting> = {};
  for (const [connection, waiting] of Object.entries(connections)) {
    const pending = waiting.pending.map((one) => {
      if (one.expired || one.call.time + ANSWER_TIMEOUT > time) return one;
      facts.push(said(connectionOf(one, connection), one.call, 'unanswered', time));
      return { ...one, expired: true };
    });
    after[connection] = { ...waiting, pending };
  }
  return { state: { connections: after }, facts };
}

function followFrame(state: State, observation: FrameObservation, connection: ConnectionId): Step<State> {
  const { frame, record, time } = observation;
  const pool = poolOf(record.attributes) ?? connection;
  if (frame.kind === 'call') {
    const recording = pool === connection ? {} : { recording: connection };
    return call(state, pool, { call: callRef(record, time, frame), expired: false, ...recording });
  }
  if (!isResponse(frame.kind)) return { state, facts: [] };
  return observation.call
    ? answer(state, observation, observation.call, observation.call.connection ?? pool)
    : { state, facts: [orphan(observation, connection)] };
}

function answer(state: State, observation: FrameObservation, made: CallRef, pool: string): Step<State> {
  const { time, connection: own = pool } = observation;
  const before = state.connections[pool] ?? { pending: [], heard: time };
  const one = before.pending.find(({ call }) => call.recordId === made.recordId);
  const pending = before.pending.filter((other) => other !== one);
  const connection = one ? connectionOf(one, pool) : (made.connection ?? own);
  // A recording's response to a live CALL tells nothing of the connection.
  const heard = made.connection === undefined ? time : before.heard;
  return {
    state: withWaiting(state, pool, { pending, heard }),
    facts: [answered(observation, made, connection)],
  };
}

function call(state: State, pool: string, one: Pending): Step<State> {
  const { call: made } = one;
  const pending = state.connections[pool]?.pending ?? [];
  const facts = [said(connectionOf(one, pool), made, 'pending', made.time)];
  // The reading forgets the oldest beyond this many, so nothing will answer it.
  const forgotten = pending.length < 2 * MOST_OPEN_CALLS ? undefined : pending[0];
  if (forgotten) {
    const { call: lost } = forgotten;
    facts.push(settled(said(connectionOf(forgotten, pool), lost, 'unanswered', made.time)));
  }
  const kept = forgotten ? pending.slice(1) : pending;
  return { state: withWaiting(state, pool, { pending: [...kept, one], heard: made.time }), facts };
}

const connectionOf = ({ recording }: Pending, pool: string): ConnectionId => recording ?? pool;

function answered({ frame, record, time }: FrameObservation, made: CallRef, connection: ConnectionId): Fact {
  // The clocks of two recordings, or of a recording and a connection, begin apart.
  const latency =
    record.attributes.witness === 'import'
      ? time - made.time
      : (record.attributes.monotonic ?? made.monotonic) - made.monotonic;
  const inTime = frame.kind === 'call-error' ? 'error' : 'result';
  return settled(
    // Compared by effective time, as `due` is: on one connection the two differ by nothing else.
    said(connection, made, time - made.time > ANSWER_TIMEOUT ? 'late' : inTime, time, {
      error_code: frame.errorCode === undefined ? null : bounded(frame.errorCode),
      answered: time,
      latency,
      answer_record: record.attributes.id,
    }),
  );
}

function orphan({ frame, record, time }: FrameObservation, connection: ConnectionId): Fact {
  const { id, direction } = record.attributes;
  const row = {
    connection,
    direction: direction === 'station-to-csms' ? 'csms-to-station' : 'station-to-csms',
    message_id: bounded(frame.messageId ?? ''),
    action: null,
    outcome: 'orphan' satisfies Outcome,
    error_code: frame.errorCode === undefined ? null : bounded(frame.errorCode),
    called: null,
    answered: time,
    latency: null,
    call_record: null,
    answer_record: id,
  };
  return settled({ key: { exchange: id }, values: row, time });
}

function followRecord(state: State, observation: RecordObservation, connection: ConnectionId): Step<State> {
  if (observation.type === 'recording.ended.v1') return endRecording(state, observation.time);
  const waiting = state.connections[connection];
  if (!waiting) return { state, facts: [] };
  switch (observation.type) {
    case 'recorder.tick.v1':
      return { state: withWaiting(state, connection, { ...waiting, heard: observation.time }), facts: [] };
    case 'ocpp.connection-closed.v1':
      return leave(state, connection, observation.time, () => 'unanswered');
    case 'recorder.run-started.v1':
    case 'recorder.run-stopped.v1':
      // What would have counted as unanswered only after the connection was last heard of, nobody saw.
      return leave(state, connection, observation.time, (made) =>
        made.time + ANSWER_TIMEOUT <= waiting.heard ? 'unanswered' : 'unknown',
      );
    default:
      return { state, facts: [] };
  }
}

/** No ticks tell how long nobody answered: its end does. The next recording may have the answer yet. */
function endRecording(state: State, time: Micros): Step<State> {
  const waiting = state.connections[IMPORTED];
  if (!waiting) return { state, facts: [] };
  const facts = waiting.pending
    .filter(({ expired }) => !expired)
    .map((one) => said(connectionOf(one, IMPORTED), one.call, 'unanswered', time));
  const pending = waiting.pending.map((one) => ({ ...one, expired: true }));
  return { state: withWaiting(state, IMPORTED, { ...waiting, pending }), facts };
}

/** The connection is over: what is pending stays as it is for good. */
function leave(
  state: State,
  id: ConnectionId,
  time: Micros,
  outcome: (made: CallRef) => Outcome,
): Step<State> {
  const facts = (state.connections[id]?.pending ?? []).map(({ call: made }) =>
    settled(said(id, made, outcome(made), time)),
  );
  return { state: { connections: without(state.connections, id) }, facts };
}

function withWaiting(state: State, connection: ConnectionId, waiting: Waiting): State {
  return { connections: withConnection(state.connections, connection, waiting) };
}

function said(connection: ConnectionId, made: CallRef, outcome: Outcome, time: Micros, more?: Row): Fact {
  const row = {
    connection,
    direction: made.direction,
    message_id: made.messageId,
    action: made.action,
    outcome,
    error_code: null,
    called: made.time,
    answered: null,
    latency: null,
    call_record: made.recordId,
    answer_record: null,
    ...more,
  };
  return { key: { exchange: made.recordId }, values: row, time };
}

const settled = (fact: Fact): Fact => ({ ...fact, settled: true });
