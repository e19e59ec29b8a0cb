import {
  FRAME_PARTITIONS,
  type Micros,
  partitionOf,
  readPayload,
  type RecordId,
  recordKey,
} from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { connections } from '../connections/connections.ts';
import { coverage } from '../coverage/coverage.ts';
import { factsAt, type ReadAt } from '../read-at/facts-at.ts';
import { KNOWN_THEN, knownThen } from '../read-at/frontier.ts';
import type { RecordGap } from './contract.ts';

type Time = readonly [from: Micros, to: Micros];
type Read = (store: Store, at: ReadAt, station: string, time: Time) => Promise<readonly RecordGap[]>;

/** What the recorder itself says is missing, or was not passed on. */
const noted: Read = async (store, { tenant, frontier }, station, [from, to]) => {
  const rows = await store.select<{ id: RecordId; type: string; at_us: string; value: string }>(
    `SELECT id, type, toUnixTimestamp64Micro(effective_time) AS at_us, value FROM records
WHERE tenant = {tenant:String} AND station = {station:String} AND type IN ('ocpp.gap.v1', 'ocpp.relay-failed.v1')
  AND effective_time >= fromUnixTimestamp64Micro({from:Int64}) AND effective_time < fromUnixTimestamp64Micro({to:Int64})
  AND ${KNOWN_THEN} ORDER BY effective_time, connection, sequence`,
    { tenant, station, from, to, ...knownThen(frontier) },
  );
  return rows.map(({ id, type, at_us, value }) => {
    const said = type === 'ocpp.gap.v1' ? gapIn(value) : relayFailureIn(value);
    return { ...said, from: Number(at_us), to: Number(at_us), records: [id] };
  });
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
const sequences: Read = async (store, at, station, [from, to]) => {
  const facts = factsAt(connections, { ...at, station: [station] });
  const rows = await store.select<Hole>(
    `SELECT before_us, at_us, before, sequence, before_id, id FROM (
  SELECT toUnixTimestamp64Micro(effective_time) AS at_us, sequence, id,
    any(at_us) ${BEFORE} AS before_us, any(sequence) ${BEFORE} AS before, any(id) ${BEFORE} AS before_id
  FROM records WHERE tenant = {tenant:String} AND station IN {station:Array(String)} AND ${KNOWN_THEN}
    AND effective_time >= (SELECT coalesce(min(opened), fromUnixTimestamp64Micro({from:Int64})) FROM ${facts.sql} WHERE ${UP})
    AND connection IN (SELECT connection FROM ${facts.sql} WHERE ${UP}))
WHERE if(before_id = '', sequence > 0, sequence > before + 1)
  AND at_us >= {from:Int64} AND before_us < {to:Int64}
ORDER BY at_us, id`,
    { ...facts.parameters, from, to },
  );
  return rows.map((hole) => {
    const first = hole.before_id === '';
    return {
      kind: 'sequence',
      from: Number(first ? hole.at_us : hole.before_us),
      to: Number(hole.at_us),
      missing: hole.sequence - (first ? 0 : hole.before + 1),
      reason: 'records of a connection are not there',
      records: first ? [hole.id] : [hole.before_id, hole.id],
    };
  });
};

type Hole = {
  readonly before_us: string;
  readonly at_us: string;
  readonly before: number;
  readonly sequence: number;
  readonly before_id: RecordId;
  readonly id: RecordId;
};
const BEFORE =
  'OVER (PARTITION BY connection ORDER BY sequence, id ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING)';
/** Those that were up in the time, refused ones too. */
const UP = `opened < fromUnixTimestamp64Micro({to:Int64})
  AND (state = 'open' OR coalesce(closed, last_heard, opened) >= fromUnixTimestamp64Micro({from:Int64}))`;

/**
 * Records that a run's ticks counted and that are not here: of the station's partition, so perhaps of
 * another station. It shows what the loss of a whole connection would hide.
 */
const counts: Read = async (store, { tenant, frontier }, station, [from, to]) => {
  const facts = factsAt(coverage, { tenant, frontier });
  const rows = await store.select<Counted>(
    `SELECT run, toUnixTimestamp64Micro(min(began)) AS began_us, toUnixTimestamp64Micro(max(until)) AS until_us,
  sum(records) AS said, any(found) AS there, argMin(first_record, began) AS first_record, argMax(last_record, until) AS last_record
FROM ${facts.sql} AS stretches LEFT JOIN (${FOUND}) AS counted ON stretches.run = counted.source
WHERE partition = {partition:UInt16}
GROUP BY run HAVING said > there AND min(began) < fromUnixTimestamp64Micro({to:Int64})
  AND max(until) > fromUnixTimestamp64Micro({from:Int64})
ORDER BY began_us, run`,
    {
      ...facts.parameters,
      partition: partitionOf(recordKey({ tenant, station }), FRAME_PARTITIONS),
      from,
      to,
    },
  );
  return rows.map((row) => ({
    kind: 'count',
    from: Number(row.began_us),
    to: Number(row.until_us),
    missing: Number(row.said) - Number(row.there),
    reason: "fewer records of the station's partition are here than the gateway counted",
    records: [...new Set([row.first_record, row.last_record])],
  }));
};

/** By run, what came before its last tick, which is all that its ticks can have counted. */
const FOUND = `SELECT source, countIf(NOT is_tick AND log_offset < last_tick) AS found
FROM (SELECT source, log_offset, type = 'recorder.tick.v1' AS is_tick,
    maxIf(log_offset, is_tick) OVER (PARTITION BY source) AS last_tick
  FROM records WHERE log_partition = {partition:UInt16} AND ${KNOWN_THEN})
GROUP BY source`;

type Counted = {
  readonly run: string;
  readonly began_us: string;
  readonly until_us: string;
  readonly said: string;
  readonly there: string;
  readonly first_record: RecordId;
  readonly last_record: RecordId;
};

/** Projections that broke on a record of the station: what they say of it is incomplete from there on. */
const parked: Read = async (store, { tenant, frontier }, station, [from, to]) => {
  const rows = await store.select<{ projection: string; record: RecordId; since_us: string }>(
    `SELECT projection_name AS projection, record_id AS record, toUnixTimestamp64Micro(effective_time) AS since_us
FROM (SELECT projection_name, record_id FROM parked FINAL WHERE kind = 'station' AND stream = {stream:String} AND ${KNOWN_THEN}) AS parkings
INNER JOIN (SELECT DISTINCT id, effective_time FROM records WHERE tenant = {tenant:String} AND station = {station:String}
  AND effective_time < fromUnixTimestamp64Micro({to:Int64})) AS broken ON broken.id = parkings.record_id
ORDER BY since_us, projection`,
    { stream: recordKey({ tenant, station }), tenant, station, to, ...knownThen(frontier) },
  );
  return rows.map(({ projection, record, since_us }) => ({
    kind: 'parked',
    from: Math.max(from, Number(since_us)),
    to,
    missing: null,
    reason: `${projection} broke and waits to be folded again`,
    records: [record],
  }));
};

/** Everything that is known to be missing of a station in a time. */
export const toldGaps: Read = async (...question) => {
  const read = [noted, sequences, counts, parked].map((one) => one(...question));
  return (await Promise.all(read)).flat();
};
