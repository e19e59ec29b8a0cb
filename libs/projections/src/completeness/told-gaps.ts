import { type ConnectionId, type Micros, readPayload, type RecordId, recordKey } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { ANSWERING } from '../all.ts';
import { connections } from '../connections/connections.ts';
import { factsAt } from '../read-at/facts-at.ts';
import { KNOWN_THEN, knownThen } from '../read-at/frontier.ts';
import { byStation } from '../read-at/station-groups.ts';
import type { StationsAt } from '../uptime/uptime-rows.ts';
import type { RecordGap } from './contract.ts';
import { lostCounts } from './lost-counts.ts';
import { uncleanStarts } from './unclean-starts.ts';

type Time = readonly [from: Micros, to: Micros];
/** Reads of a group of stations. @returns what is missing of each */
type Read = (store: Store, at: StationsAt, time: Time) => Promise<GapsOf>;
type GapsOf = (station: string) => readonly RecordGap[];
type OfStation = { readonly station: string };

/** Gaps of rows that name their station. */
function gapsBy<Row extends OfStation>(rows: readonly Row[], toGap: (row: Row) => RecordGap): GapsOf {
  const rowsOf = byStation(rows);
  return (station) => rowsOf(station).map(toGap);
}

/** What the recorder itself says is missing, or was not passed on. */
const noted: Read = async (store, { tenant, station, frontier }, [from, to]) => {
  const rows = await store.select<Noted>(
    `SELECT station, connection, id, type, toUnixTimestamp64Micro(effective_time) AS at_us, value FROM records
WHERE tenant = {tenant:String} AND station IN {station:Array(String)} AND type IN ('ocpp.gap.v1', 'ocpp.relay-failed.v1')
  AND effective_time >= fromUnixTimestamp64Micro({from:Int64}) AND effective_time < fromUnixTimestamp64Micro({to:Int64})
  AND ${KNOWN_THEN} ORDER BY effective_time, connection, sequence`,
    { tenant, station, from, to, ...knownThen(frontier) },
  );
  return gapsBy(rows, ({ connection, id, type, at_us, value }) => {
    const said = type === 'ocpp.gap.v1' ? gapIn(value) : relayFailureIn(value);
    const of = connection === '' ? {} : { connection };
    return { ...said, ...of, from: Number(at_us), to: Number(at_us), records: [id] };
  });
};

type Noted = OfStation & {
  /** Empty where it is of none. */
  readonly connection: ConnectionId;
  readonly id: RecordId;
  readonly type: string;
  readonly at_us: string;
  readonly value: string;
};

type Said = Pick<RecordGap, 'kind' | 'missing' | 'reason'>;
const encoder = new TextEncoder();

function gapIn(value: string): Said {
  const { missing, count, reason } = readPayload('ocpp.gap.v1', encoder.encode(value));
  return { kind: missing, missing: count, reason };
}

function relayFailureIn(value: string): Said {
  const { leg, reason, sequences } = readPayload('ocpp.relay-failed.v1', encoder.encode(value));
  return { kind: 'relay-failed', missing: sequences?.length ?? null, reason: `to the ${leg}: ${reason}` };
}

/** Holes in the sequences of connections, which are gapless: what lies in a hole was written and is not here. */
const sequences: Read = async (store, at, [from, to]) => {
  const facts = factsAt(connections, at);
  const rows = await store.select<Hole>(
    `SELECT station, connection, before_us, at_us, before, sequence, before_id, id FROM (
  SELECT station, connection, toUnixTimestamp64Micro(effective_time) AS at_us, sequence, id,
    any(at_us) ${BEFORE} AS before_us, any(sequence) ${BEFORE} AS before, any(id) ${BEFORE} AS before_id
  FROM records WHERE tenant = {tenant:String} AND station IN {station:Array(String)} AND ${KNOWN_THEN}
    AND effective_time >= (SELECT coalesce(min(opened), fromUnixTimestamp64Micro({from:Int64})) FROM ${facts.sql} WHERE ${UP})
    AND connection IN (SELECT connection FROM ${facts.sql} WHERE ${UP}))
WHERE if(before_id = '', sequence > 0, sequence > before + 1)
  AND at_us >= {from:Int64} AND before_us < {to:Int64}
ORDER BY at_us, id`,
    { ...facts.parameters, from, to },
  );
  return gapsBy(rows, (hole) => {
    const first = hole.before_id === '';
    return {
      kind: 'sequence',
      from: Number(first ? hole.at_us : hole.before_us),
      to: Number(hole.at_us),
      missing: hole.sequence - (first ? 0 : hole.before + 1),
      reason: 'records of a connection are not there',
      connection: hole.connection,
      records: first ? [hole.id] : [hole.before_id, hole.id],
    };
  });
};

type Hole = OfStation & {
  readonly connection: ConnectionId;
  readonly before_us: string;
  readonly at_us: string;
  readonly before: number;
  readonly sequence: number;
  readonly before_id: RecordId;
  readonly id: RecordId;
};
const BEFORE =
  'OVER (PARTITION BY station, connection ORDER BY sequence, id ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING)';
/** Those that were up in the time, refused ones too. */
const UP = `opened < fromUnixTimestamp64Micro({to:Int64})
  AND (state = 'open' OR coalesce(closed, last_heard, opened) >= fromUnixTimestamp64Micro({from:Int64}))`;

const PARKED_THEN = `SELECT stream, projection_name, record_id FROM parked FINAL
  WHERE kind = 'station' AND stream IN {streams:Array(String)} AND projection_name IN {answering:Array(String)} AND ${KNOWN_THEN}`;

/** Projections that broke on a record of the station: what they say of it is incomplete from there on. */
const parked: Read = async (store, { tenant, station, frontier }, [from, to]) => {
  const streamOf = (one: string) => recordKey({ tenant, station: one });
  const rows = await store.select<{ stream: string; projection: string; record: RecordId; since_us: string }>(
    `SELECT stream, projection_name AS projection, record_id AS record, toUnixTimestamp64Micro(effective_time) AS since_us
FROM (${PARKED_THEN}) AS parkings
INNER JOIN (SELECT DISTINCT id, effective_time FROM records WHERE tenant = {tenant:String} AND station IN {station:Array(String)}
  AND effective_time < fromUnixTimestamp64Micro({to:Int64})
  AND id IN (SELECT record_id FROM (${PARKED_THEN}))) AS broken ON broken.id = parkings.record_id
ORDER BY since_us, projection`,
    { streams: station.map(streamOf), answering: ANSWERING, tenant, station, to, ...knownThen(frontier) },
  );
  const groups = Map.groupBy(rows, ({ stream }) => stream);
  return (one) =>
    (groups.get(streamOf(one)) ?? []).map(({ projection, record, since_us }) => ({
      kind: 'parked',
      from: Math.max(from, Number(since_us)),
      to,
      missing: null,
      reason: `${projection} broke and waits to be folded again`,
      records: [record],
    }));
};

/** What was in the log once, and is not. */
export const lostRecords: Read = async (...question) => {
  const [bySequence, byCount] = await Promise.all([sequences(...question), lostCounts(...question)]);
  return (station) => [...bySequence(station), ...byCount(station)];
};

/** Everything that is known to be missing of each station in a time. */
export const toldGaps: Read = async (...question) => {
  const read = await Promise.all(
    [noted, uncleanStarts, sequences, lostCounts, parked].map((one) => one(...question)),
  );
  return (station) => read.flatMap((gapsOf) => gapsOf(station));
};
