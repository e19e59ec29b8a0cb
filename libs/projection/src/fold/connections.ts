import type { LoggedRecord } from '@chargeproof/record';
import { payloadOf, without } from '@chargeproof/ocpp';
import type { EndedConnection, OpenConnection, StreamState } from '../projection.ts';
import { isImport } from './imports.ts';
import type { Item } from './item.ts';
import { endedRun, originOf } from './items.ts';

type Connections = Pick<StreamState, 'open' | 'ended'>;

/** So many ended connections are remembered, to know their stragglers and late ticks when they come. */
const MOST_ENDED = 16;

/**
 * Open and ended connections after this item. The very same object where nothing changed but the time. A
 * recording is none: no run's records are placed in it.
 */
export function followConnection(before: Connections, item: Item): Connections {
  const id = item.standsFor ?? item.record.attributes.connection;
  if (id === undefined || isImport(item.record)) return before;
  const open = before.open[id];
  if (open === undefined && before.ended.some(({ connection }) => connection === id)) return before;
  const now = heard(open, item);
  if (item.ends ?? endsConnection(item.record)) return end(before, id, now, item.ends ?? false);
  return { open: { ...before.open, [id]: now }, ended: before.ended };
}

function heard(open: OpenConnection | undefined, { record, place }: Item): OpenConnection {
  if (open === undefined)
    return { run: record.attributes.source, origin: originOf(record), last: place.time };
  const origin = open.origin ?? originOf(record);
  return { run: open.run, origin, last: Math.max(open.last, place.time) };
}

function end({ open, ended }: Connections, id: string, last: OpenConnection, lost: boolean): Connections {
  const entry: EndedConnection = { ...last, connection: id, lost };
  return { open: without(open, id), ended: [...ended.slice(1 - MOST_ENDED), entry] };
}

/** A close; or a refusal of the station itself (of its upstream leg the station is told next). */
function endsConnection(record: LoggedRecord): boolean {
  const { type } = record.attributes;
  if (type === 'ocpp.connection-closed.v1') return true;
  if (type !== 'ocpp.handshake-refused.v1') return false;
  const payload = payloadOf(record);
  return 'leg' in payload && payload.leg === 'station';
}

/** Runs known to have ended once these run records were handed. The very same list where none of them tells of an end. */
export function withEndedRuns(
  before: readonly string[],
  records: readonly LoggedRecord[],
): readonly string[] {
  let ended = before;
  for (const record of records) {
    const run = endedRun(record);
    if (run !== undefined && !ended.includes(run)) ended = [...ended.slice(1 - MOST_ENDED), run];
  }
  return ended;
}
