import type {
  ChargeRecord,
  HandshakeAccepted,
  LoggedRecord,
  RecordType,
  RunStarted,
  RunStopped,
  Tick,
} from '@chargeproof/record';
import { openedAt } from '@chargeproof/record';
import { payloadOf } from '@chargeproof/ocpp';
import type { Folded, OpenConnection, StreamState } from '../projection.ts';
import type { Imports } from './imports.ts';
import { importsOf, isImport } from './imports.ts';
import type { Item } from './item.ts';
import { compareItems } from './item.ts';
import { NEXT_RUN_SEQUENCE, placeOf, STOP_SEQUENCE, TICK_SEQUENCE } from './place.ts';

/** What is to be folded, and what is to be remembered of recordings. */
export type Arranged = Imports;

const NO_SPANS: Imports['spans'] = [];

/**
 * All places that these records take in the stream, in effective order. A record twice is there twice; an
 * imported one is not there before it may be folded.
 */
export function arrange(state: StreamState, records: readonly LoggedRecord[]): Arranged {
  const items: Item[] = [];
  const runRecords: LoggedRecord[] = [];
  const imports: LoggedRecord[] = [];
  for (const record of records) {
    if (isRunRecord(record)) runRecords.push(record);
    else if (isImport(record)) imports.push(record);
    else items.push({ place: placeOf(record), record });
  }
  if (runRecords.length > 0) placeRunRecords(items, connectionsOf(state, records), runRecords);
  if (imports.length === 0) return { items: inOrder(items), spans: NO_SPANS, unended: null };
  const { items: imported, spans, unended } = importsOf(imports, records, state.folded);
  return { items: inOrder([...items, ...imported]), spans, unended };
}

function inOrder(items: Item[]): Item[] {
  for (let i = 1; i < items.length; i++) {
    const [before, after] = [items[i - 1], items[i]];
    if (before && after && compareItems(before, after) > 0) return items.sort(compareItems);
  }
  return items;
}

export function isRunRecord({ attributes: { type } }: ChargeRecord): boolean {
  return (
    type === 'recorder.tick.v1' || type === 'recorder.run-started.v1' || type === 'recorder.run-stopped.v1'
  );
}

type Known = Map<string, { run: string; origin: number | null; last: number }>;

/** Every connection that the state or the records tell of, with the last time it is heard of. */
function connectionsOf(state: StreamState, records: readonly LoggedRecord[]): Known {
  const known: Known = new Map(Object.entries(state.open).map(([id, open]) => [id, { ...open }]));
  for (const record of records) {
    const { connection, source } = record.attributes;
    if (connection === undefined || isImport(record)) continue;
    const { time } = placeOf(record);
    const entry = known.get(connection) ?? { run: source, origin: null, last: time };
    entry.origin ??= originOf(record);
    entry.last = Math.max(entry.last, time);
    known.set(connection, entry);
  }
  return known;
}

/** When the run started, by the clock of the connection whose handshake this is. */
export function originOf(record: LoggedRecord): number | null {
  const { connection, type } = record.attributes;
  if (connection === undefined || !type.startsWith('ocpp.handshake-')) return null;
  const opened = openedAt(connection);
  const runMonotonic = (payloadIfReadable(record) as HandshakeAccepted | undefined)?.runMonotonic;
  return runMonotonic === undefined || Number.isNaN(opened) ? null : opened - runMonotonic;
}

/** Ticks, then stops, then starts: each raises the last time at which a connection is heard of, for those after it. */
const RANK: Partial<Record<RecordType, number>> = {
  'recorder.tick.v1': 0,
  'recorder.run-stopped.v1': 1,
  'recorder.run-started.v1': 2,
};

function placeRunRecords(items: Item[], known: Known, runRecords: readonly LoggedRecord[]): void {
  const rank = ({ attributes }: LoggedRecord) => RANK[attributes.type] ?? 0;
  for (const record of runRecords.toSorted((a, b) => rank(a) - rank(b))) {
    for (const [id, connection] of known) {
      const place = runRecordPlace(id, connection, record);
      if (place === undefined) continue;
      connection.last = Math.max(connection.last, place.time);
      const ends = place.sequence > TICK_SEQUENCE;
      items.push({ place, record, standsFor: id, ...(ends ? { ends } : {}) });
    }
  }
}

/**
 * Where a run's record stands in the order of one connection; undefined where it does not concern it, or
 * claims a place that is no time.
 */
export function runRecordPlace(
  id: string,
  connection: OpenConnection,
  record: LoggedRecord,
): Folded | undefined {
  const place = claimedPlace(id, connection, record);
  return place !== undefined && Number.isSafeInteger(place.time) ? place : undefined;
}

function claimedPlace(id: string, connection: OpenConnection, record: LoggedRecord): Folded | undefined {
  const { type, source } = record.attributes;
  if (type === 'recorder.run-started.v1') {
    return source === id ? startPlace(source, record) : endPlace(id, connection, record);
  }
  if (connection.run !== source) return undefined;
  return type === 'recorder.tick.v1' ? tickPlace(id, connection, record) : endPlace(id, connection, record);
}

/** In a run's own stream the run is the one connection, and its start the first record of it. */
function startPlace(run: string, { attributes }: LoggedRecord): Folded {
  return { time: startOfRun(run) ?? attributes.time, connection: run, sequence: 0 };
}

export function startOfRun(run: string): number | null {
  const started = openedAt(run);
  return Number.isNaN(started) ? null : started;
}

/** Computed on the run's own clock, so that a wall clock which stepped moves nothing. */
function tickPlace(id: string, { origin }: OpenConnection, record: LoggedRecord): Folded | undefined {
  const monotonic = (payloadIfReadable(record) as Tick | undefined)?.monotonic;
  if (monotonic === undefined) return undefined;
  const time = origin === null ? record.attributes.time : origin + monotonic;
  return time < openedAt(id) ? undefined : { time, connection: id, sequence: TICK_SEQUENCE };
}

/**
 * Where a connection ends with its run, told by the run's own stop or by the start of the next run on
 * the same folder. After a run's last record nothing is known of its connections, so this stands after
 * all that is heard of this one.
 */
function endPlace(id: string, connection: OpenConnection, record: LoggedRecord): Folded | undefined {
  const time = endTime(connection, record);
  if (time === undefined) return undefined;
  const sequence = record.attributes.type === 'recorder.run-stopped.v1' ? STOP_SEQUENCE : NEXT_RUN_SEQUENCE;
  return { time: Math.max(time, connection.last), connection: id, sequence };
}

/** The run whose end the record tells, if any. */
export function endedRun(record: LoggedRecord): string | undefined {
  const { type, source } = record.attributes;
  if (type === 'recorder.run-stopped.v1') return source;
  if (type !== 'recorder.run-started.v1') return undefined;
  return (payloadIfReadable(record) as RunStarted | undefined)?.previous?.run;
}

function endTime({ run, origin }: OpenConnection, record: LoggedRecord): number | undefined {
  const { type, time } = record.attributes;
  if (endedRun(record) !== run) return undefined;
  if (type === 'recorder.run-started.v1') return time;
  const monotonic = (payloadIfReadable(record) as RunStopped | undefined)?.monotonic;
  return monotonic === undefined || origin === null ? time : origin + monotonic;
}

/** Undefined where a record of ours is no JSON: it is placed by its time, and reading it parks. */
function payloadIfReadable(record: LoggedRecord): unknown {
  try {
    return payloadOf(record);
  } catch {
    return undefined;
  }
}
