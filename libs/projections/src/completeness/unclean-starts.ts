import { versionSql } from '@chargeproof/projection';
import type { ConnectionId, RecordId } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { connections } from '../connections/connections.ts';
import { partitionsOf } from '../coverage/by-partition.ts';
import { factsAt } from '../read-at/facts-at.ts';
import { KNOWN_THEN, knownThen } from '../read-at/frontier.ts';
import { byStation } from '../read-at/station-groups.ts';
import type { StationsAt } from '../uptime/uptime-rows.ts';
import type { RecordGap } from './contract.ts';

type Time = readonly [from: number, to: number];

/**
 * What a gateway that died leaves unknown: of each connection that was open at the last record of its run, what
 * came from that record to the start of the next run, of a number that nobody can tell. The run's last record in the
 * station's partition: partitions are durable apart from each other, and behind it nothing of the run is known
 * there. A station that was not connected then can have lost nothing.
 */
export async function uncleanStarts(
  store: Store,
  at: StationsAt,
  [from, to]: Time,
): Promise<(station: string) => readonly RecordGap[]> {
  const facts = factsAt(connections, at);
  const lost = `SELECT station, connection, run, ended_record FROM ${facts.sql} WHERE why = 'run-died' AND opened < fromUnixTimestamp64Micro({to:Int64})`;
  const rows = await store.select<Row>(
    `SELECT station, connection, last_us, greatest(last_us, toUnixTimestamp64Micro(starts.effective_time)) AS next_us,
  last_id, ended_record
FROM (${lost}) AS lost
INNER JOIN (SELECT id, log_partition, effective_time FROM records WHERE ${IN_PARTITIONS} AND type = 'recorder.run-started.v1') AS starts
  ON starts.id = lost.ended_record
INNER JOIN (SELECT source, log_partition, argMax(id, ${PLACE}) AS last_id,
    toUnixTimestamp64Micro(argMax(effective_time, ${PLACE})) AS last_us
  FROM records WHERE ${IN_PARTITIONS} AND source IN (SELECT run FROM (${lost})) GROUP BY source, log_partition) AS lasts
  ON lasts.source = lost.run AND lasts.log_partition = starts.log_partition
WHERE last_us < {to:Int64} AND next_us >= {from:Int64}
ORDER BY last_us, connection`,
    { ...facts.parameters, ...knownThen(at.frontier), partitions: partitionsOf(at), from, to },
  );
  const rowsOf = byStation(rows);
  return (one) => rowsOf(one).map(toGap);
}

/** Offsets begin anew with each generation of the log. */
const PLACE = versionSql();
const IN_PARTITIONS = `log_partition IN {partitions:Array(UInt16)} AND ${KNOWN_THEN}`;

type Row = {
  readonly station: string;
  readonly connection: ConnectionId;
  readonly last_us: string;
  readonly next_us: string;
  readonly last_id: RecordId;
  readonly ended_record: RecordId;
};

const toGap = ({ connection, last_us, next_us, last_id, ended_record }: Row): RecordGap => ({
  kind: 'unclean-start',
  from: Number(last_us),
  to: Number(next_us),
  missing: null,
  reason: 'the gateway died while this connection was open',
  connection,
  records: [last_id, ended_record],
});
