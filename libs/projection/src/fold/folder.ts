import type { LoggedRecord } from '@chargeproof/record';
import type { Reading } from '@chargeproof/ocpp';
import { initialReading, READING_VERSION } from '@chargeproof/ocpp';
import {
  type EndedConnection,
  type Folder,
  type Folding,
  type OpenConnection,
  type Projection,
  type StreamKey,
  type StreamState,
  projectionId,
} from '../projection.ts';
import { Fold } from './fold.ts';
import { areImportsLate, isImport } from './imports.ts';
import { arrange, isRunRecord, runRecordPlace, startOfRun } from './items.ts';
import { comparePlaces, placeOf } from './place.ts';
import { isLiveFrame, mayHold } from './recordings.ts';
import { refold } from './refold.ts';

/** Makes the pure core of the engine for these projections; each folds the streams of its own kind. */
export function createFolder(projections: readonly Projection[]): Folder {
  const ofKind = {
    station: projections.filter(({ of }) => of === 'station'),
    run: projections.filter(({ of }) => of === 'run'),
  };
  return {
    initial: (stream) => initialState(stream, ofKind[stream.kind]),
    fits: (state) => fits(state, ofKind[state.stream.kind]),
    isLate,
    forward(state, records): Folding {
      const arranged = arrange(state, records);
      const fold = new Fold(ofKind[state.stream.kind], state)
        .note(records)
        .noteRecordings(arranged)
        .fold(arranged.items);
      return { state: fold.state(), facts: fold.facts() };
    },
    refold: (snapshot, known, late) => refold(ofKind[snapshot.stream.kind], snapshot, known, late),
    watches,
  };
}

function initialState(stream: StreamKey, projections: readonly Projection[]): StreamState {
  return {
    stream,
    reading: initialReading(),
    states: Object.fromEntries(
      projections.map((projection) => [projectionId(projection), projection.initial]),
    ),
    parked: {},
    folded: null,
    open: stream.kind === 'run' ? runAsConnection(stream) : {},
    ended: [],
    endedRuns: [],
    recordings: [],
    unended: null,
    said: {},
  };
}

/** In its own stream a run is the one connection: open from its start, placed by its own clock, ended with it. */
function runAsConnection({ key }: StreamKey): Readonly<Record<string, OpenConnection>> {
  const run = key.slice(0, key.lastIndexOf('.'));
  const origin = startOfRun(run);
  return { [run]: { run, origin, last: origin ?? 0 } };
}

function fits({ reading, states }: StreamState, projections: readonly Projection[]): boolean {
  const ids = projections.map(projectionId);
  return (
    (reading as Partial<Reading> | null)?.version === READING_VERSION &&
    Object.keys(states).length === ids.length &&
    ids.every((id) => id in states)
  );
}

function isLate(state: StreamState, records: readonly LoggedRecord[]): boolean {
  let withImports = false;
  for (const record of records) {
    if (isImport(record)) withImports = true;
    else if (isLateRecord(state, record)) return true;
  }
  return withImports && areImportsLate(records.filter(isImport), state);
}

function isLateRecord(state: StreamState, record: LoggedRecord): boolean {
  const { folded, endedRuns, recordings } = state;
  if (isRunRecord(record)) return isLateRunRecord(state, record);
  // A connection that is lost with its run ends after all that is ever heard of it.
  if (endedRuns.includes(record.attributes.source)) return true;
  const place = placeOf(record);
  if (folded !== null && comparePlaces(place, folded) < 0) return true;
  return recordings.length > 0 && isLiveFrame(record) && recordings.some((span) => mayHold(span, place.time));
}

function isLateRunRecord({ open, ended, folded }: StreamState, record: LoggedRecord): boolean {
  for (const [id, connection] of Object.entries(open)) {
    const place = runRecordPlace(id, connection, record);
    if (place && folded && comparePlaces(place, folded) < 0) return true;
  }
  return ended.some((connection) => isLateForEnded(connection, record));
}

/** A lost connection ended after all its run wrote. On one that closed only what stands before its close bears. */
function isLateForEnded(connection: EndedConnection, record: LoggedRecord): boolean {
  if (connection.run !== record.attributes.source) return false;
  const place = runRecordPlace(connection.connection, connection, record);
  return place !== undefined && (connection.lost || place.time < connection.last);
}

function watches({ stream, open, ended }: StreamState): readonly string[] {
  if (stream.kind === 'run') return [];
  const runs = new Set(Object.values(open).map(({ run }) => run));
  for (const { run } of ended) runs.add(run);
  return [...runs];
}
