import type { Clock } from '@chargeproof/ocpp';
import type { RecordId } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { factsAt, type Frontier } from '../read-at/index.ts';
import { meterValues } from './meter-values.ts';

export type MeterValuesQuestion = {
  readonly tenant: string;
  readonly station: readonly string[];
  /** Keys of `transactions`. */
  readonly transactions: readonly string[];
  readonly frontier: Frontier;
  /** As sent; the one that is left out is asked for by its meaning, `Energy.Active.Import.Register` (OCPP 1.6, 7.43). */
  readonly measurand?: readonly string[] | undefined;
};

/** As `columns.ts` has them; times in microseconds and other 64-bit integers as text. */
export type MeterValueAt = {
  readonly station: string;
  readonly transaction: string;
  readonly record: RecordId;
  readonly ordinal: number;
  readonly source: 'MeterValues' | 'StopTransaction';
  readonly connector: string | null;
  readonly transaction_id: string | null;
  readonly sampled_us: string;
  readonly received_us: string;
  readonly station_time: string | null;
  readonly clock: Clock;
  readonly value: string;
  readonly measurand: string | null;
  readonly context: string | null;
  readonly format: string | null;
  readonly phase: string | null;
  readonly location: string | null;
  readonly unit: string | null;
};

const COLUMNS = `station, transaction, record, ordinal, source, connector, transaction_id,
  toUnixTimestamp64Micro(sampled) AS sampled_us, toUnixTimestamp64Micro(received) AS received_us,
  station_time, clock, value, measurand, context, format, phase, location, unit`;

/** Sampled values of these transactions as they were known at the frontier: of each together, oldest first. */
export function meterValuesOf(store: Store, question: MeterValuesQuestion): Promise<readonly MeterValueAt[]> {
  const { tenant, station, transactions, frontier, measurand } = question;
  const facts = factsAt(meterValues, { tenant, station, frontier });
  const wanted = measurand
    ? `\n  AND coalesce(measurand, 'Energy.Active.Import.Register') IN {measurand:Array(String)}`
    : '';
  return store.select<MeterValueAt>(
    `SELECT ${COLUMNS} FROM ${facts.sql}
WHERE transaction IN {transactions:Array(String)}${wanted}
ORDER BY station, transaction, sampled, received, record, ordinal`,
    { ...facts.parameters, transactions, ...(measurand ? { measurand } : {}) },
  );
}
