import type { ConnectionId, Direction, LoggedRecord, Micros } from '@chargeproof/record';
import { effectiveTime } from '@chargeproof/record';
import type { Frame } from '../frame.ts';
import type { CallRef, FrameObservation, Observation, RecordObservation, Twin } from '../observation.ts';
import { bounded } from './bounded.ts';
import { answer, isResponse, withCall } from './correlate.ts';
import { frameOf, payloadOf } from './payload.ts';
import { IMPORTED, poolOf } from './pool.ts';
import type { Reading } from './reading.ts';
import { forgetConnection, openCalls, withOpenCalls } from './reading.ts';

/** Where a record stands in the stream that reads it, where that is not said by the record alone (DESIGN 5). */
export type Standing = {
  readonly time: Micros;
  readonly connection?: ConnectionId;
  /** The imported frame is this live one: it is not read again. */
  readonly twin?: Twin;
};

export type Read = { readonly state: Reading; readonly observation: Observation };

/**
 * The one function that every projection is fed by: parse, correlate, observe. It is pure, and a frame
 * never makes it throw.
 * @throws SyntaxError for a record of ours (not a frame) whose value is no JSON
 */
export function read(state: Reading, record: LoggedRecord, standing?: Standing): Read {
  if (record.attributes.type !== 'ocpp.frame.v1') return readOwn(state, record, standing);
  return standing?.twin === undefined
    ? observeFrame(state, record, frameOf(record))
    : observeTwin(state, record, frameOf(record), standing.twin);
}

function observeFrame(state: Reading, record: LoggedRecord, frame: Frame): Read {
  const time = effectiveTime(record.attributes);
  const { connection, direction } = record.attributes;
  const pool = poolOf(record.attributes);
  if (pool === undefined || connection === undefined || direction === undefined) {
    return { state, observation: { kind: 'frame', record, time, frame } };
  }
  const observation: FrameObservation = { kind: 'frame', record, time, connection, frame };
  if (frame.kind === 'call') {
    if (frame.messageId === undefined) return { state, observation };
    return { state: asked(state, pool, callRef(record, time, frame)), observation };
  }
  if (!isResponse(frame.kind)) return { state, observation };
  const found = answerIn(state, pool, direction, frame);
  const { state: after, call } =
    found.call?.connection === undefined ? found : answerLive(found.state, found.call, found.call.connection);
  return { state: after, observation: { ...observation, call } };
}

/**
 * The live frame was read, this one only keeps the pool right: a CALL stands in it for the live one, so that
 * a response which the gateway missed finds that.
 */
function observeTwin(state: Reading, record: LoggedRecord, frame: Frame, twin: Twin): Read {
  const time = effectiveTime(record.attributes);
  const { connection, direction } = record.attributes;
  const seen = connection === undefined ? { record, time } : { record, time, connection };
  const observation: Observation = { kind: 'same-as', ...seen, ...twin };
  if (direction === undefined) return { state, observation };
  if (isResponse(frame.kind)) {
    return { state: answerIn(state, IMPORTED, direction, frame).state, observation };
  }
  if (frame.kind !== 'call' || frame.messageId === undefined) return { state, observation };
  const live = { recordId: twin.sameAs, connection: twin.sameAs.slice(0, twin.sameAs.lastIndexOf('/')) };
  return { state: asked(state, IMPORTED, { ...callRef(record, time, frame), ...live }), observation };
}

function asked(state: Reading, pool: string, call: CallRef): Reading {
  return withOpenCalls(state, pool, withCall(openCalls(state, pool), call));
}

type Answered = { readonly state: Reading; readonly call: CallRef | null };

function answerIn(state: Reading, pool: string, direction: Direction, frame: Frame): Answered {
  const before = openCalls(state, pool);
  const id = frame.messageId === undefined ? null : bounded(frame.messageId);
  const { open, call } = answer(before, direction, id);
  return { state: open === before ? state : withOpenCalls(state, pool, open), call };
}

/** A recording's response to a live CALL: it answers it if the gateway saw no response. */
function answerLive(state: Reading, { recordId, direction }: CallRef, connection: ConnectionId): Answered {
  const open = openCalls(state, connection);
  const call = open[direction].find((one) => one.recordId === recordId);
  if (call === undefined) return { state, call: null };
  const left = { ...open, [direction]: open[direction].filter((one) => one !== call) };
  return { state: withOpenCalls(state, connection, left), call: { ...call, connection } };
}

/** A CALL as its response and the projections know it. Members that the frame does not have are empty. */
export function callRef(record: LoggedRecord, time: Micros, frame: Frame): CallRef {
  const { id, sequence = 0, monotonic = 0, direction = 'station-to-csms' } = record.attributes;
  const { messageId = '', action = '' } = frame;
  return {
    recordId: id,
    sequence,
    messageId: bounded(messageId),
    action: bounded(action),
    direction,
    time,
    monotonic,
  };
}

function readOwn(state: Reading, record: LoggedRecord, standing?: Standing): Read {
  const { type } = record.attributes;
  const connection = standing?.connection ?? record.attributes.connection;
  const observation = {
    kind: 'record',
    type,
    payload: payloadOf(record),
    record,
    time: standing?.time ?? effectiveTime(record.attributes),
    ...(connection === undefined ? {} : { connection }),
  } as RecordObservation;
  return {
    state: endsConnection(observation) ? forgetConnection(state, connection ?? '') : state,
    observation,
  };
}

/** What ends a connection: its close, and the end of the run that held it. */
function endsConnection({ type }: RecordObservation): boolean {
  return (
    type === 'ocpp.connection-closed.v1' ||
    type === 'recorder.run-started.v1' ||
    type === 'recorder.run-stopped.v1'
  );
}
