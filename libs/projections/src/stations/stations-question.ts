import { factsTable } from '@chargeproof/projection';
import type { Store } from '@chargeproof/tables';
import { type FactFilter, factList } from '../paging/index.ts';
import { KNOWN_THEN, knownThen, type ReadAt } from '../read-at/index.ts';
import { stations } from './stations.ts';

/** 64-bit integers come as strings. */
export type StationRow = {
  readonly tenant: string;
  readonly station: string;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly serial_number: string | null;
  readonly charge_box_serial_number: string | null;
  readonly firmware_version: string | null;
  readonly iccid: string | null;
  readonly imsi: string | null;
  readonly meter_type: string | null;
  readonly meter_serial_number: string | null;
  readonly registration: string | null;
  readonly interval_seconds: string | null;
  readonly boots: number;
  readonly first_seen_us: string;
  readonly booted_us: string | null;
  readonly first_record: string;
  readonly boot_record: string | null;
  readonly boot_answer_record: string | null;
};

/** A row as it was from a log position on. */
export type StationVersionRow = StationRow & {
  /** When it became so, in effective time. */
  readonly since_us: string;
};

const COLUMNS = `tenant, station, vendor, model, serial_number, charge_box_serial_number, firmware_version, iccid, imsi,
  meter_type, meter_serial_number, registration, interval_seconds, boots,
  toUnixTimestamp64Micro(first_seen) AS first_seen_us, toUnixTimestamp64Micro(booted) AS booted_us,
  first_record, boot_record, boot_answer_record`;

/** By name. */
export const stationList = factList<FactFilter, StationRow>(stations, {
  order: {
    name: 'stations',
    newestFirst: false,
    by: [{ column: 'station', sql: 'station', type: 'String' }],
  },
  columns: COLUMNS,
  conditions: {},
});

/**
 * What was known of one station from one log position to the next, newest first: as the record had it
 * then, so late records stand where they came, not where they belong.
 */
export function stationVersionsAt(
  store: Store,
  { tenant, station, frontier }: ReadAt & { readonly station: readonly string[] },
  first: number,
): Promise<readonly StationVersionRow[]> {
  return store.select<StationVersionRow>(
    `SELECT ${COLUMNS}, toUnixTimestamp64Micro(fact_time) AS since_us FROM ${factsTable(stations).name}
WHERE tenant = {tenant:String} AND station IN {station:Array(String)} AND retracted = 0 AND ${KNOWN_THEN}
ORDER BY station, log_generation DESC, log_offset DESC LIMIT {first:UInt32} BY station`,
    { tenant, station, ...knownThen(frontier), first },
  );
}

/** Effective time of the newest frame that each of these stations sent, in microseconds, by station. */
export async function lastSeenAt(
  store: Store,
  { tenant, station, frontier }: ReadAt & { readonly station: readonly string[] },
): Promise<ReadonlyMap<string, number>> {
  const rows = await store.select<{ station: string; seen_us: string }>(
    `SELECT station, toUnixTimestamp64Micro(max(effective_time)) AS seen_us FROM records
WHERE tenant = {tenant:String} AND station IN {station:Array(String)}
  AND type = 'ocpp.frame.v1' AND direction = 'station-to-csms' AND ${KNOWN_THEN}
GROUP BY station`,
    { tenant, station, ...knownThen(frontier) },
  );
  return new Map(rows.map(({ station, seen_us }) => [station, Number(seen_us)]));
}
