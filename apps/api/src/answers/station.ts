import {
  configurationAt,
  type ConfigurationRow,
  currentStatusAt,
  type Frontier,
  lastSeenAt,
  type StationRow,
  type StationVersionRow,
  stationVersionsAt,
} from '@chargeproof/projections';
import type { Asked } from '../asking/asked.ts';
import { lazy, lazyBy } from '../asking/lazy.ts';
import { checkFirst } from '../asking/list.ts';
import { microsOrNull } from './columns.ts';
import { evidenceOfIds } from './evidence.ts';
import { toStatusInterval } from './status.ts';

/** Stations of one page: what is asked for of one is read for all of them. */
export function stationsOf(asked: Asked, rows: readonly StationRow[], tenant: string, frontier: Frontier) {
  const at = { tenant, station: rows.map(({ station }) => station), frontier };
  const { store } = asked;
  const seen = lazy(() => lastSeenAt(store, at));
  const statuses = lazy(async () => byStation(await currentStatusAt(store, at)));
  const keys = lazy(async () => byStation(await configurationAt(store, at)));
  const versions = lazyBy(async (first: number) => byStation(await stationVersionsAt(store, at, first)));
  return (row: StationRow) => ({
    ...bootFacts(row),
    tenant: row.tenant,
    station: row.station,
    boots: row.boots,
    firstSeen: Number(row.first_seen_us),
    lastSeen: async () => (await seen()).get(row.station) ?? null,
    bootedAt: microsOrNull(row.booted_us),
    connectors: async () =>
      ((await statuses()).get(row.station) ?? []).map((status) => toStatusInterval(asked, status, frontier)),
    configuration: async () =>
      ((await keys()).get(row.station) ?? []).map((key) => toConfigurationKey(asked, key, frontier)),
    history: async ({ first }: { readonly first: number }) =>
      ((await versions(checkFirst(first))).get(row.station) ?? []).map((version) =>
        toVersion(asked, version, frontier),
      ),
    evidence: evidenceOfIds(asked, row, frontier, [
      row.first_record,
      row.boot_record,
      row.boot_answer_record,
    ]),
  });
}

const byStation = <Row extends { readonly station: string }>(rows: readonly Row[]) =>
  Map.groupBy(rows, ({ station }) => station);

function bootFacts(row: StationRow) {
  return {
    vendor: row.vendor,
    model: row.model,
    serialNumber: row.serial_number,
    chargeBoxSerialNumber: row.charge_box_serial_number,
    firmwareVersion: row.firmware_version,
    iccid: row.iccid,
    imsi: row.imsi,
    meterType: row.meter_type,
    meterSerialNumber: row.meter_serial_number,
    registration: row.registration,
    intervalSeconds: row.interval_seconds,
  };
}

function toVersion(asked: Asked, row: StationVersionRow, frontier: Frontier) {
  return {
    ...bootFacts(row),
    since: Number(row.since_us),
    evidence: evidenceOfIds(asked, row, frontier, [
      row.boot_record ?? row.first_record,
      row.boot_answer_record,
    ]),
  };
}

function toConfigurationKey(asked: Asked, row: ConfigurationRow, frontier: Frontier) {
  return {
    name: row.name,
    value: row.value,
    readonly: row.readonly,
    source: row.source,
    state: row.state,
    since: Number(row.since_us),
    evidence: evidenceOfIds(asked, row, frontier, [row.call_record, row.answer_record]),
  };
}
