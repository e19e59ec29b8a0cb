import { type EnergyResult, formatWh } from '@chargeproof/billing';
import {
  energyOfTransactions,
  evidenceOfTransaction,
  type Frontier,
  type MeterValueAt,
  meterValuesOf,
  type PeriodQuestion,
  type TransactionAt,
} from '@chargeproof/projections';
import type { Asked } from '../asking/asked.ts';
import { orNull, toEnum } from '../asking/enums.ts';
import { badInput } from '../asking/errors.ts';
import { lazy, lazyBy } from '../asking/lazy.ts';
import { checkFirst } from '../asking/list.ts';
import { connectorOrNull, microsOrNull } from './columns.ts';
import { completenessBehind } from './completeness.ts';
import { evidenceOfIds, toEvidence } from './evidence.ts';

type Measurands = readonly string[] | null;
type ValuesArguments = { readonly first: number; readonly measurand?: Measurands };

/** So many of a page's transactions are asked for the record behind them: no two have the same time. */
const MOST_BEHIND = 50;

/** Transactions of one page: energy and meter values of all are read when those of one are asked for. */
export function transactionsOf(
  asked: Asked,
  rows: readonly TransactionAt[],
  tenant: string,
  frontier: Frontier,
) {
  const { store } = asked;
  const station = [...new Set(rows.map((row) => row.station))];
  const transactions = rows.map(({ transaction }) => transaction);
  const energies = lazy(() => energyOfTransactions(store, { tenant, keys: rows, frontier }));
  const values = lazyBy(async (measurand: Measurands) => {
    const question = { tenant, station, transactions, frontier, measurand: measurand ?? undefined };
    return Map.groupBy(await meterValuesOf(store, question), ({ transaction }) => transaction);
  });
  return (row: TransactionAt) => ({
    ...whatItIs(row),
    ...itsBeginAndEnd(row),
    energy: async () => toEnergy(asked, row, (await energies()).get(row.transaction), frontier),
    completeness: async () => {
      if (rows.length > MOST_BEHIND)
        throw badInput('first', `is at most ${MOST_BEHIND} where completeness of transactions is asked for`);
      return completenessBehind(asked, heardOf(row, frontier)).of(row.station);
    },
    meterValues: async ({ first, measurand = null }: ValuesArguments) => {
      const most = checkFirst(first);
      return ((await values(measurand)).get(row.transaction) ?? []).slice(0, most).map(toMeterValue);
    },
    evidence: toEvidence(asked, evidenceOfTransaction(row, frontier)),
  });
}

function whatItIs(row: TransactionAt) {
  return {
    id: row.transaction,
    tenant: row.tenant,
    station: row.station,
    connector: connectorOrNull(row.connector),
    kind: toEnum(row.kind),
    transactionId: row.transaction_id,
    idTag: row.id_tag,
    idTagStatus: row.id_tag_status,
    starts: row.starts,
  };
}

function itsBeginAndEnd(row: TransactionAt) {
  return {
    startedAt: microsOrNull(row.started_us),
    startedBy: orNull(row.started_by),
    startStationTime: row.start_station_time,
    stoppedAt: microsOrNull(row.stopped_us),
    stoppedBy: orNull(row.stopped_by),
    stopStationTime: row.stop_station_time,
    meterStart: row.meter_start,
    meterStop: row.meter_stop,
    stopReason: row.stop_reason,
    stopMethod: orNull(row.stop_method),
  };
}

/** The time in which it was heard of; the last frame belongs to it. */
const heardOf = (row: TransactionAt, frontier: Frontier): PeriodQuestion => ({
  tenant: row.tenant,
  station: [row.station],
  from: Number(row.first_heard_us),
  to: Number(row.last_heard_us) + 1,
  frontier,
});

/** What {@link energyOfTransactions} does not speak of: a refused attempt. */
const NOTHING: Pick<
  EnergyResult,
  'energyMwh' | 'method' | 'confidence' | 'disagreementMwh' | 'findings' | 'records'
> = {
  energyMwh: null,
  method: null,
  confidence: 'NONE',
  disagreementMwh: null,
  findings: [],
  records: [],
};

function toEnergy(asked: Asked, row: TransactionAt, result: EnergyResult | undefined, frontier: Frontier) {
  const { energyMwh, method, confidence, disagreementMwh, findings, records } = result ?? NOTHING;
  return {
    energyWh: energyMwh === null ? null : formatWh(energyMwh),
    method,
    confidence,
    disagreementWh: disagreementMwh === null ? null : formatWh(disagreementMwh),
    findings: findings.map((finding) => ({
      code: finding.code,
      detail: finding.detail,
      evidence: evidenceOfIds(asked, row, frontier, finding.records),
    })),
    evidence: evidenceOfIds(asked, row, frontier, records),
  };
}

function toMeterValue(row: MeterValueAt) {
  return {
    recordId: row.record,
    ordinal: row.ordinal,
    sampledAt: Number(row.sampled_us),
    stationTime: row.station_time,
    value: row.value,
    measurand: row.measurand,
    context: row.context,
    format: row.format,
    phase: row.phase,
    location: row.location,
    unit: row.unit,
  };
}
