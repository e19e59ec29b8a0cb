import type { Micros, RecordId, RunId } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import type { Proven, StatusSpan } from '@chargeproof/uptime';
import { connections } from '../connections/connections.ts';
import { byPartition, partitionsOf } from '../coverage/by-partition.ts';
import { coverage } from '../coverage/coverage.ts';
import { factsAt, type ReadAt } from '../read-at/facts-at.ts';
import { stations } from '../stations/stations.ts';
import { status } from '../status/status.ts';
import type { HeldLink } from './held-links.ts';

type LastingRow = { readonly from_us: string; readonly to_us: string | null };
const lasting = ({ from_us, to_us }: LastingRow) => ({
  from: Number(from_us),
  to: to_us === null ? null : Number(to_us),
});
const proofs = (...records: readonly (RecordId | null)[]) =>
  records.filter((record) => record !== null && record !== '') as RecordId[];

export type SeenStation = { readonly station: string; readonly firstSeen: Micros };

/** Stations that are known, by name. */
export async function stationsSeen(store: Store, at: ReadAt): Promise<readonly SeenStation[]> {
  const facts = factsAt(stations, at);
  const rows = await store.select<{ station: string; first_seen_us: string }>(
    `SELECT station, toUnixTimestamp64Micro(first_seen) AS first_seen_us FROM ${facts.sql} ORDER BY station`,
    facts.parameters,
  );
  return rows.map(({ station, first_seen_us }) => ({ station, firstSeen: Number(first_seen_us) }));
}

/** Connectors of the stations that any status told of, connector 0 among them. */
export async function connectorsOf(
  store: Store,
  at: ReadAt,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const facts = factsAt(status, at);
  const rows = await store.select<{ station: string; connector: string }>(
    `SELECT DISTINCT station, connector FROM ${facts.sql} ORDER BY station, connector`,
    facts.parameters,
  );
  const grouped = Map.groupBy(rows, ({ station }) => station);
  return new Map([...grouped].map(([station, own]) => [station, own.map((row) => Number(row.connector))]));
}

/** The stations of a group. */
export type StationsAt = ReadAt & { readonly station: readonly string[] };

type Time = readonly [from: Micros, to: Micros];
const during = (from: string, to: string) =>
  `${from} < fromUnixTimestamp64Micro({to:Int64}) AND (${to} IS NULL OR ${to} > fromUnixTimestamp64Micro({from:Int64}))`;

type OfStation = { readonly station: string };

/** Statuses that held in the time, of every connector of the stations. */
export async function statusesOf(
  store: Store,
  at: StationsAt,
  [from, to]: Time,
): Promise<readonly (StatusSpan & OfStation)[]> {
  const facts = factsAt(status, at);
  const rows = await store.select<
    OfStation & LastingRow & { connector: string; status: string; record: RecordId }
  >(
    `SELECT station, connector, status, record, toUnixTimestamp64Micro(since) AS from_us, toUnixTimestamp64Micro(until) AS to_us
FROM ${facts.sql} WHERE ${during('since', 'until')} ORDER BY since, record`,
    { ...facts.parameters, from, to },
  );
  return rows.map((row) => ({
    ...lasting(row),
    station: row.station,
    connector: Number(row.connector),
    status: row.status,
    records: [row.record],
  }));
}

/** Of a lost connection nobody saw the end: it was up as long as anything was heard of it. */
const ENDED = `if(state = 'open', NULL, coalesce(closed, last_heard, opened))`;

/** Connections of the stations that were up in the time. */
export async function linksOf(
  store: Store,
  at: StationsAt,
  [from, to]: Time,
): Promise<readonly (HeldLink & OfStation)[]> {
  const facts = factsAt(connections, at);
  const rows = await store.select<
    OfStation &
      LastingRow & {
        connection: string;
        run: RunId;
        lost_us: string | null;
        opened_record: RecordId | null;
        ended_record: RecordId | null;
      }
  >(
    `SELECT station, connection, toUnixTimestamp64Micro(opened) AS from_us, toUnixTimestamp64Micro(${ENDED}) AS to_us,
  run, if(state = 'lost', toUnixTimestamp64Micro(fact_time), NULL) AS lost_us, opened_record, ended_record
FROM ${facts.sql} WHERE state != 'refused' AND ${during('opened', `if(state = 'lost', fact_time, ${ENDED})`)} ORDER BY opened, connection`,
    { ...facts.parameters, from, to },
  );
  return rows.map((row) => ({
    ...lasting(row),
    station: row.station,
    connection: row.connection,
    run: row.run,
    lostUntil: row.lost_us === null ? null : Number(row.lost_us),
    records: proofs(row.opened_record, row.ended_record),
  }));
}

/** A stretch in which a run watched. */
export type Watched = Proven & {
  readonly run: RunId;
  /** Whether frames went on then without waiting for the log; null: not known. */
  readonly besideRelay: boolean | null;
};

/** When some run of a gateway watched each station's partition, in the time. */
export async function watchedOf(
  store: Store,
  { tenant, station, frontier }: StationsAt,
  [from, to]: Time,
): Promise<(station: string) => readonly Watched[]> {
  const facts = factsAt(coverage, { tenant, frontier });
  const rows = await store.select<WatchedRow>(
    `SELECT partition, run, toUnixTimestamp64Micro(began) AS from_us, toUnixTimestamp64Micro(until) AS to_us, beside_relay,
  first_record, last_record
FROM ${facts.sql} WHERE partition IN {partitions:Array(UInt16)} AND ${during('began', 'until')} ORDER BY began, run`,
    { ...facts.parameters, partitions: partitionsOf({ tenant, station }), from, to },
  );
  const rowsOf = byPartition(tenant, rows);
  return (one) => rowsOf(one).map(toWatched);
}

type WatchedRow = LastingRow & {
  readonly partition: number;
  readonly run: RunId;
  readonly beside_relay: boolean | null;
  readonly first_record: RecordId;
  readonly last_record: RecordId;
};

const toWatched = (row: WatchedRow): Watched => ({
  ...lasting(row),
  run: row.run,
  besideRelay: row.beside_relay,
  records: [...new Set(proofs(row.first_record, row.last_record))],
});
