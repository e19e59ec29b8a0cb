import { type EnergyInput, energyOf, type EnergyResult, type MeterRegister } from '@chargeproof/billing';
import type { Store } from '@chargeproof/tables';
import type { ReadAt } from '../read-at/facts-at.ts';
import type { Frontier } from '../read-at/frontier.ts';
import type { EnergyEntry, PeriodQuestion } from './contract.ts';
import { type BootRow, bootsOf, chunksOf, samplesOf } from './sample-rows.ts';
import { addUp, type Measured } from './sums.ts';
import { begunIn, type EnergyRow, transactionRows, withKeys } from './transaction-rows.ts';

/** The keys of some stations' transactions, at most a thousand, as known at the frontier. */
export type KeysQuestion = {
  readonly tenant: string;
  readonly keys: readonly { readonly station: string; readonly transaction: string }[];
  readonly frontier: Frontier;
};

/** The energy of each, by its key. Of a refused attempt, and of a key that is not there, nothing is said. */
export async function energyOfTransactions(
  store: Store,
  { tenant, keys, frontier }: KeysQuestion,
): Promise<ReadonlyMap<string, EnergyResult>> {
  const results = new Map<string, EnergyResult>();
  if (keys.length === 0) return results;
  const at = { tenant, station: [...new Set(keys.map(({ station }) => station))], frontier };
  const pages = transactionRows(store, at, withKeys(keys.map(({ transaction }) => transaction)));
  for await (const rows of pages)
    for await (const { row, result } of measure(store, at, rows)) results.set(row.transaction, result);
  return results;
}

/** Energy of the transactions that began in the period, whole, by station and connector. */
export async function energyOfPeriod(
  store: Store,
  { tenant, station, from, to, frontier }: PeriodQuestion,
): Promise<readonly EnergyEntry[]> {
  const at = { tenant, station, frontier };
  const measured: Measured[] = [];
  for await (const rows of transactionRows(store, at, begunIn(from, to)))
    for await (const { row, result } of measure(store, at, rows))
      measured.push({
        station: row.station,
        connector: row.connector === null ? null : Number(row.connector),
        open: isOpen(row),
        result,
      });
  return addUp(tenant, measured);
}

const isOpen = ({ stop_method }: EnergyRow) => stop_method === '';

type Figure = { readonly row: EnergyRow; readonly result: EnergyResult };

/** So many keys are named in one query. */
const KEYS_A_QUERY = 2000;

async function* measure(store: Store, at: ReadAt, rows: readonly EnergyRow[]): AsyncGenerator<Figure> {
  for (let from = 0; from < rows.length; from += KEYS_A_QUERY)
    yield* measureSome(store, at, rows.slice(from, from + KEYS_A_QUERY));
}

async function* measureSome(
  store: Store,
  { tenant, frontier }: ReadAt,
  rows: readonly EnergyRow[],
): AsyncGenerator<Figure> {
  const at = { tenant, station: [...new Set(rows.map(({ station }) => station))], frontier };
  const boots = Map.groupBy(await bootsOf(store, at, spanOf(rows)), ({ station }) => station);
  for (const chunk of await chunksOf(store, at, rows)) {
    const samples = await samplesOf(
      store,
      at,
      chunk.map(({ transaction }) => transaction),
    );
    for (const row of chunk) {
      const known = { samples: samples.get(row.transaction) ?? [], boots: boots.get(row.station) ?? [] };
      yield { row, result: energyOf(inputOf(row, known)) };
    }
  }
}

/** From the first begin to the last that was heard of any. */
function spanOf(rows: readonly EnergyRow[]): readonly [number, number] {
  const begins = rows.map(beginOf);
  const ends = rows.map(endOf);
  return [
    begins.reduce((least, one) => Math.min(least, one), Infinity),
    ends.reduce((most, one) => Math.max(most, one), -Infinity),
  ];
}

const beginOf = ({ started_us, first_heard_us }: EnergyRow) => Number(started_us ?? first_heard_us);
const endOf = ({ stopped_us, last_heard_us }: EnergyRow) => Number(stopped_us ?? last_heard_us);

type Known = Pick<EnergyInput, 'samples'> & { readonly boots: readonly BootRow[] };

function inputOf(row: EnergyRow, { samples, boots }: Known): EnergyInput {
  return {
    start: registerOf(row.start_record, row.started_us, row.meter_start),
    stop: registerOf(row.stop_record ?? row.inferred_from_record, row.stopped_us, row.meter_stop),
    open: isOpen(row),
    samples,
    boots: boots.filter(({ time }) => time > beginOf(row) && time <= endOf(row)),
    previousStop: registerOf(row.previous_stop_record, null, row.previous_stop),
  };
}

const registerOf = (
  record: string | null,
  time: string | null,
  value: string | null,
): MeterRegister | null =>
  record === null ? null : { record, time: time === null ? null : Number(time), value };
