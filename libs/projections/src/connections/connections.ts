import type { FrameObservation, Observation, RecordObservation } from '@chargeproof/ocpp';
import { withConnection, without } from '@chargeproof/ocpp';
import type { Projection, Step } from '@chargeproof/projection';
import type {
  ConnectionId,
  HandshakeAccepted,
  HandshakeRefused,
  LoggedRecord,
  Micros,
} from '@chargeproof/record';
import { openedAt } from '@chargeproof/record';
import type { About, Connection, State } from './connection.ts';
import { key, said, values } from './connection.ts';

/**
 * A connection is silent when ticks go on and no frame came for so long, in microseconds: three times the
 * heartbeat interval of 300 s that most central systems give out. Only ticks tell of it: where nobody
 * watched, nobody was silent.
 */
export const SILENT_AFTER = 900_000_000;

/** So many ended connections are remembered, so that a straggler does not open one again. */
const MOST_ENDED = 16;

/** Every connection of a station: how it began and ended, what came before it, and how much it carried. */
export const connections: Projection<State> = {
  name: 'connections',
  version: 1,
  of: 'station',
  key,
  values,
  initial: { open: {}, ended: [], newest: null },
  apply(state, observation) {
    // A recording shows frames, not the sockets they went over.
    if (observation.kind === 'due' || observation.record.attributes.witness === 'import')
      return { state, facts: [] };
    const id = idOf(observation);
    if (id === undefined || observation.kind === 'same-as' || state.ended.includes(id))
      return { state, facts: [] };
    if (observation.kind === 'frame') return followFrame(opened(state, id, observation), id, observation);
    return followRecord(state, id, observation);
  },
};

/** A refusal that had no connection is known by its record. */
function idOf(observation: Observation): ConnectionId | undefined {
  if (observation.kind === 'due' || observation.connection !== undefined) {
    return observation.kind === 'due' ? undefined : observation.connection;
  }
  const { type, id } = observation.record.attributes;
  return type === 'ocpp.handshake-refused.v1' ? id : undefined;
}

function followFrame(step: Step<State>, id: ConnectionId, { record, time }: FrameObservation): Step<State> {
  const before = step.state.open[id];
  if (!before) return step;
  const fromStation = record.attributes.direction === 'station-to-csms';
  const now: Connection = {
    about: before.about,
    fromStation: before.fromStation + (fromStation ? 1 : 0),
    toStation: before.toStation + (fromStation ? 0 : 1),
    relayFailures: before.relayFailures,
    gaps: before.gaps,
    lastFrame: time,
    heard: time,
    silent: false,
  };
  const state = withOpen(step.state, id, now);
  return before.silent
    ? { state, facts: [...step.facts, said(id, now, { time })] }
    : { state, facts: step.facts };
}

function followRecord(state: State, id: ConnectionId, observation: RecordObservation): Step<State> {
  switch (observation.type) {
    case 'ocpp.handshake-accepted.v1':
      return accept(state, id, observation, observation.payload);
    case 'ocpp.handshake-refused.v1':
      return refuse(state, id, observation, observation.payload);
    case 'ocpp.connection-closed.v1': {
      const { code, reason, by } = observation.payload;
      return over(state, id, observation, {
        state: 'closed',
        code,
        why: reason,
        by,
        closed: observation.time,
      });
    }
    case 'ocpp.relay-failed.v1':
      return note(state, id, observation, ({ relayFailures }) => ({ relayFailures: relayFailures + 1 }));
    case 'ocpp.gap.v1':
      return note(state, id, observation, ({ gaps }) => ({ gaps: gaps + 1 }));
    case 'recorder.tick.v1':
      return tick(state, id, observation);
    case 'recorder.run-stopped.v1':
      return over(state, id, observation, { state: 'lost', why: 'run-stopped', by: 'gateway' });
    case 'recorder.run-started.v1': {
      const why = observation.payload.previous?.endedCleanly ? 'run-ended' : 'run-died';
      return over(state, id, observation, { state: 'lost', why, by: 'gateway' });
    }
    default:
      return { state, facts: [] };
  }
}

function accept(
  state: State,
  id: ConnectionId,
  seen: RecordObservation,
  shake: HandshakeAccepted,
): Step<State> {
  const { record, time } = seen;
  const before = state.open[id] ?? begin(id, seen.record, time);
  const about = withHandshake(before.about, shake);
  if (shake.leg === 'upstream') return noteUpstream(state, id, time, { ...before, about }, 'accepted');
  const now: Connection = {
    ...before,
    heard: time,
    about: {
      ...about,
      announced: true,
      subprotocol: shake.selectedSubprotocol ?? null,
      previous: before.about.announced ? before.about.previous : state.newest,
      openedRecord: record.attributes.id,
    },
  };
  const newest = before.about.announced ? state.newest : id;
  return { state: { ...withOpen(state, id, now), newest }, facts: [said(id, now, { time })] };
}

function withHandshake(about: About, shake: HandshakeAccepted | HandshakeRefused): About {
  return {
    ...about,
    previousOfRun: about.previousOfRun ?? shake.previousConnection ?? null,
    remoteAddress: (shake.leg === 'station' ? shake.remoteAddress : undefined) ?? about.remoteAddress,
  };
}

function refuse(
  state: State,
  id: ConnectionId,
  seen: RecordObservation,
  shake: HandshakeRefused,
): Step<State> {
  const before = state.open[id] ?? begin(id, seen.record, seen.time);
  const about = withHandshake(before.about, shake);
  if (shake.leg === 'upstream') return noteUpstream(state, id, seen.time, { ...before, about }, 'refused');
  const refused = withOpen(state, id, { ...before, about: { ...about, previous: state.newest } });
  const { status: code, reason: why, count: refusals = 1 } = shake;
  return over(refused, id, seen, { state: 'refused', code, why, by: 'gateway', refusals });
}

/** The leg to the CSMS is usually known first, and told with the station's; else it is told by itself. */
function noteUpstream(
  state: State,
  id: ConnectionId,
  time: Micros,
  before: Connection,
  upstream: About['upstream'],
): Step<State> {
  const now = { ...before, heard: time, about: { ...before.about, upstream } };
  const facts = now.about.announced ? [said(id, now, { time })] : [];
  return { state: withOpen(state, id, now), facts };
}

/** A frame of a connection whose handshake is not recorded: it must have been open. */
function opened(state: State, id: ConnectionId, { record, time }: FrameObservation): Step<State> {
  const before = state.open[id];
  if (before?.about.announced) return { state, facts: [] };
  const connection = before ?? begin(id, record, time);
  const now = { ...connection, about: { ...connection.about, announced: true, previous: state.newest } };
  return { state: { ...withOpen(state, id, now), newest: id }, facts: [said(id, now, { time })] };
}

function begin(id: ConnectionId, { attributes }: LoggedRecord, time: number): Connection {
  const known = openedAt(id);
  const opened = Number.isNaN(known) ? time : known;
  const about: About = {
    announced: false,
    run: attributes.source,
    opened,
    subprotocol: attributes.protocol ?? null,
    previous: null,
    previousOfRun: null,
    upstream: 'none',
    remoteAddress: null,
    openedRecord: null,
  };
  return {
    about,
    fromStation: 0,
    toStation: 0,
    relayFailures: 0,
    gaps: 0,
    lastFrame: opened,
    heard: time,
    silent: false,
  };
}

function note(
  state: State,
  id: ConnectionId,
  { record, time }: RecordObservation,
  change: (before: Connection) => Partial<Connection>,
): Step<State> {
  const before = state.open[id] ?? begin(id, record, time);
  return { state: withOpen(state, id, { ...before, ...change(before), heard: time }), facts: [] };
}

function tick(state: State, id: ConnectionId, { time }: RecordObservation): Step<State> {
  const before = state.open[id];
  if (!before) return { state, facts: [] };
  const silent = time - before.lastFrame >= SILENT_AFTER;
  const now = { ...before, heard: time, silent };
  const facts = silent && !before.silent && before.about.announced ? [said(id, now, { time })] : [];
  return { state: withOpen(state, id, now), facts };
}

type End = {
  readonly state: 'closed' | 'lost' | 'refused';
  readonly why: string;
  readonly by: string;
  readonly code?: number;
  readonly closed?: Micros;
  readonly refusals?: number;
};

function over(state: State, id: ConnectionId, { record, time }: RecordObservation, end: End): Step<State> {
  const last = state.open[id] ?? begin(id, record, time);
  const heard = end.state === 'lost' ? last.heard : time;
  const fact = said(
    id,
    { ...last, heard, silent: false },
    { ...end, time, endedRecord: record.attributes.id },
  );
  const ended = [...state.ended.slice(1 - MOST_ENDED), id];
  return {
    state: { open: without(state.open, id), ended, newest: state.newest },
    facts: [{ ...fact, settled: true }],
  };
}

function withOpen(state: State, id: ConnectionId, connection: Connection): State {
  return { open: withConnection(state.open, id, connection), ended: state.ended, newest: state.newest };
}
