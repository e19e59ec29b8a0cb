import { type EnergyInput, energyOf, type EnergyResult, type MeterRegister } from '@chargeproof/billing';
import type { Store } from '@chargeproof/tables';
import type { Frontier } from '../read-at/frontier.ts';
import type { EnergyEntry, PeriodQuestion } from './contract.ts';
import { byStation } from '../read-at/station-groups.ts';
import { readAhead } from './read-ahead.ts';
import { type BootRow, bootsOf, chunksOf, type Narrowed, samplesOf } from './sample-rows.ts';
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
  const narrowing = withKeys(keys.map(({ transaction }) => transaction));
  for await (const rows of transactionRows(store, at, narrowing))
    for await (const { row, result } of measure(store, { at, narrowing }, rows))
      results.set(row.transaction, result);
  return results;
}

/** Energy of the transactions that began in the period, whole, by station and connector. */
export async function energyOfPeriod(
  store: Store,
  { tenant, station, from, to, frontier }: PeriodQuestion,
): Promise<readonly EnergyEntry[]> {
  const at = { tenant, station, frontier };
  const narrowing = begunIn(from, to);
  const measured: Measured[] = [];
  for await (const rows of transactionRows(store, at, narrowing))
    for await (const { row, result } of measure(store, { at, narrowing }, rows))
      measured.push({
        station: row.station,
        connector: row.connector === null ? null : Number(row.connector),
        open: isOpen(row),
        firstHeard: Number(row.first_heard_us),
        lastHeard: Number(row.last_heard_us),
        result: partOf(result),
      });
  return addUp(tenant, measured);
}

/** Of hundreds of thousands of results no more is kept than is added up. */
const partOf = ({ method, confidence, energyMwh, records }: EnergyResult) => ({
  method,
  confidence,
  energyMwh,
  records,
});

const isOpen = ({ stop_method }: EnergyRow) => stop_method === '';

type Figure = { readonly row: EnergyRow; readonly result: EnergyResult };

async function* measure(
  store: Store,
  { at, narrowing }: Narrowed,
  rows: readonly EnergyRow[],
): AsyncGenerator<Figure> {
  const own = { ...at, station: [...new Set(rows.map(({ station }) => station))] };
  const [chunks, boots] = await Promise.all([
    chunksOf(store, { at: own, narrowing }, rows),
    bootsOf(store, own, spanOf(rows)),
  ]);
  const booted = byStation(boots);
  const readings = readAhead(chunks, (chunk) => samplesOf(store, { at: own, narrowing }, chunk));
  for await (const [chunk, samples] of readings) {
    for (const row of chunk) {
      const known = { samples: samples.get(row.transaction) ?? [], boots: booted(row.station) };
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
  const [begin, end] = [beginOf(row), endOf(row)];
  return {
    start: registerOf(row.start_record, row.started_us, row.meter_start),
    stop: registerOf(row.stop_record ?? row.inferred_from_record, row.stopped_us, row.meter_stop),
    open: isOpen(row),
    samples,
    boots: boots.filter(({ time }) => time > begin && time <= end),
    previousStop: registerOf(row.previous_stop_record, null, row.previous_stop),
  };
}

const registerOf = (
  record: string | null,
  time: string | null,
  value: string | null,
): MeterRegister | null =>
  record === null ? null : { record, time: time === null ? null : Number(time), value };
