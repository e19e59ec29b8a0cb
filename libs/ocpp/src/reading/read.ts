import type { ConnectionId, LoggedRecord, Micros } from '@chargeproof/record';
import { effectiveTime } from '@chargeproof/record';
import type { Frame } from '../frame.ts';
import type { CallRef, FrameObservation, Observation, RecordObservation } from '../observation.ts';
import { bounded } from './bounded.ts';
import { answer, isResponse, withCall } from './correlate.ts';
import { frameOf, payloadOf } from './payload.ts';
import type { Reading } from './reading.ts';
import { forgetConnection, openCalls, withOpenCalls } from './reading.ts';

/** Where a record stands in the stream that reads it, where that is not said by the record alone (DESIGN 5). */
export type Standing = { readonly time: Micros; readonly connection?: ConnectionId };

export type Read = { readonly state: Reading; readonly observation: Observation };

/**
 * The one function that every projection is fed by: parse, correlate, observe. It is pure, and a frame
 * never makes it throw.
 * @throws SyntaxError for a record of ours (not a frame) whose value is no JSON
 */
export function read(state: Reading, record: LoggedRecord, standing?: Standing): Read {
  if (record.attributes.type !== 'ocpp.frame.v1') return readOwn(state, record, standing);
  return observeFrame(state, record, frameOf(record));
}

function observeFrame(state: Reading, record: LoggedRecord, frame: Frame): Read {
  const time = effectiveTime(record.attributes);
  const { connection, direction } = record.attributes;
  if (connection === undefined || direction === undefined) {
    return { state, observation: { kind: 'frame', record, time, frame } };
  }
  const observation: FrameObservation = { kind: 'frame', record, time, connection, frame };
  if (frame.kind === 'call') {
    if (frame.messageId === undefined) return { state, observation };
    const open = withCall(openCalls(state, connection), callRef(record, time, frame));
    return { state: withOpenCalls(state, connection, open), observation };
  }
  if (!isResponse(frame.kind)) return { state, observation };
  const before = openCalls(state, connection);
  const { open, call } = answer(
    before,
    direction,
    frame.messageId === undefined ? null : bounded(frame.messageId),
  );
  return {
    state: open === before ? state : withOpenCalls(state, connection, open),
    observation: { ...observation, call },
  };
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
