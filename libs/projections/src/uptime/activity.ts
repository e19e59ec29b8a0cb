import type { Micros, RecordId } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { SILENT_AFTER } from '../connections/connections.ts';
import { KNOWN_THEN, knownThen } from '../read-at/frontier.ts';
import type { StationsAt } from './uptime-rows.ts';

/** Frames of one connection, none of them {@link SILENT_AFTER} apart; of a recording, none further apart than that. */
export type Activity = {
  readonly station: string;
  readonly connection: string;
  readonly imported: boolean;
  readonly from: Micros;
  readonly to: Micros;
  readonly first: RecordId;
  readonly last: RecordId;
};

type Edge = {
  readonly station: string;
  readonly connection: string;
  readonly imported: number;
  readonly id: RecordId;
  readonly at_us: string;
  readonly begins: number;
  readonly ends: number;
};

const NEIGHBOUR = (which: 'PRECEDING' | 'FOLLOWING') =>
  `any(at_us) OVER (PARTITION BY station, connection ORDER BY at_us, sequence, id ROWS BETWEEN 1 ${which} AND 1 ${which})`;

/**
 * When frames came, as stretches without a silence, of each station from a little before the time to a
 * little after it. Only the ends of stretches leave the store: a year of meter values is a few rows.
 */
export async function activityOf(
  store: Store,
  { tenant, station, frontier }: StationsAt,
  [from, to]: readonly [Micros, Micros],
): Promise<readonly Activity[]> {
  const edges = await store.select<Edge>(
    `SELECT station, connection, imported, id, at_us,
  toUInt8(before_us = 0 OR at_us - before_us >= longest) AS begins,
  toUInt8(after_us = 0 OR after_us - at_us >= longest) AS ends
FROM (SELECT *, {silentAfter:Int64} + imported AS longest, ${NEIGHBOUR('PRECEDING')} AS before_us, ${NEIGHBOUR('FOLLOWING')} AS after_us
  FROM (SELECT station, connection, sequence, toUInt8(witness = 'import') AS imported, id, toUnixTimestamp64Micro(effective_time) AS at_us FROM records
    WHERE tenant = {tenant:String} AND station IN {station:Array(String)} AND type = 'ocpp.frame.v1'
      AND effective_time >= fromUnixTimestamp64Micro({from:Int64})
      AND effective_time < fromUnixTimestamp64Micro({to:Int64}) AND ${KNOWN_THEN}))
WHERE begins OR ends ORDER BY station, connection, at_us, sequence, id`,
    {
      tenant,
      station,
      silentAfter: SILENT_AFTER,
      from: Math.max(0, from - SILENT_AFTER),
      to: to + SILENT_AFTER,
      ...knownThen(frontier),
    },
  );
  const stretches: Activity[] = [];
  let begin: Edge | undefined;
  for (const edge of edges) {
    if (edge.begins === 1) begin = edge;
    if (edge.ends !== 1 || begin === undefined) continue;
    stretches.push({
      station: edge.station,
      connection: edge.connection,
      imported: edge.imported === 1,
      from: Number(begin.at_us),
      to: Number(edge.at_us),
      first: begin.id,
      last: edge.id,
    });
  }
  return stretches;
}
