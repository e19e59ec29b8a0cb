import type { SampledReading } from '@chargeproof/billing';
import type { RecordId } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { meterValues } from '../meter-values/meter-values.ts';
import { factsAt, type FactsSource, type ReadAt } from '../read-at/facts-at.ts';
import { KNOWN_THEN, knownThen } from '../read-at/frontier.ts';
import { transactions } from '../transactions/transactions.ts';
import type { Narrowing } from './transaction-rows.ts';

/** Of which transactions: the source and condition that find them, as the page that was read by them. */
export type Narrowed = { readonly at: ReadAt; readonly narrowing: Narrowing };
type Keyed = { readonly station: string; readonly transaction: string };

/** What readings of one transaction have in common. */
type Kind = Pick<
  SampledReading,
  'measurand' | 'context' | 'format' | 'phase' | 'location' | 'unit' | 'source'
>;
type KindRow = Kind & {
  readonly transaction: string;
  readonly readings: readonly (readonly [
    record: RecordId,
    ordinal: number,
    sampled_us: string,
    value: string,
  ])[];
};

/** Those that a figure of energy is read off; left out, it is the register. */
const MEASURANDS = [
  'Energy.Active.Import.Register',
  'Energy.Active.Export.Register',
  'Energy.Active.Import.Interval',
  'Power.Active.Import',
];
const OF_ENERGY = '(measurand IS NULL OR measurand IN {measurands:Array(String)})';
const BETWEEN = `(station, assumeNotNull(transaction)) >= ({firstStation:String}, {firstTransaction:String})
  AND (station, assumeNotNull(transaction)) <= ({lastStation:String}, {lastTransaction:String})`;
/** So many readings are held at once, however many transactions that is. */
const ROWS_A_CHUNK = 100_000;

/**
 * The readings of the transactions from the first to the last, by station, then key. Those are found in the
 * store again: thousands of keys in a statement would take it longer to read than the readings.
 */
function readingsSource({ at, narrowing }: Narrowed, [first, last]: readonly [Keyed, Keyed]): FactsSource {
  const readings = factsAt(meterValues, at);
  const wanted = factsAt(transactions, at);
  return {
    sql: `${readings.sql} WHERE transaction IN (SELECT transaction FROM ${wanted.sql} WHERE ${narrowing.condition})
  AND ${BETWEEN} AND ${OF_ENERGY}`,
    parameters: {
      ...readings.parameters,
      ...wanted.parameters,
      ...narrowing.parameters,
      measurands: MEASURANDS,
      firstStation: first.station,
      firstTransaction: first.transaction,
      lastStation: last.station,
      lastTransaction: last.transaction,
    },
  };
}

/** How many readings each transaction has, to read them in chunks that can be held. */
async function sizes(
  store: Store,
  of: Narrowed,
  ends: readonly [Keyed, Keyed],
): Promise<ReadonlyMap<string, number>> {
  const { sql, parameters } = readingsSource(of, ends);
  const rows = await store.select<{ transaction: string; size: string }>(
    `SELECT assumeNotNull(transaction) AS transaction, count() AS size FROM ${sql} GROUP BY transaction`,
    parameters,
  );
  return new Map(rows.map(({ transaction, size }) => [transaction, Number(size)]));
}

/** Packs transactions, which are in order, into chunks of so many readings; one that has more is a chunk of its own. */
export async function chunksOf<Item extends Keyed>(
  store: Store,
  of: Narrowed,
  items: readonly Item[],
): Promise<readonly (readonly Item[])[]> {
  const counts = await sizes(store, of, endsOf(items));
  const chunks: Item[][] = [];
  let room = 0;
  for (const item of items) {
    const size = counts.get(item.transaction) ?? 0;
    const last = chunks.at(-1);
    if (last === undefined || size > room) chunks.push([item]);
    else last.push(item);
    room = (last === undefined || size > room ? ROWS_A_CHUNK : room) - size;
  }
  return chunks;
}

const endsOf = <Item extends Keyed>(items: readonly Item[]) =>
  [items[0], items.at(-1)] as readonly [Item, Item];

/** Readings by transaction. */
export async function samplesOf(
  store: Store,
  { at, narrowing }: Narrowed,
  chunk: readonly Keyed[],
): Promise<ReadonlyMap<string, readonly SampledReading[]>> {
  const own = { ...at, station: [...new Set(chunk.map(({ station }) => station))] };
  const { sql, parameters } = readingsSource({ at: own, narrowing }, endsOf(chunk));
  const rows = await store.select<KindRow>(
    `SELECT assumeNotNull(transaction) AS transaction, ${KIND},
  groupArray((record, ordinal, toUnixTimestamp64Micro(sampled), value)) AS readings
FROM ${sql} GROUP BY transaction, ${KIND}`,
    parameters,
  );
  const samples = new Map<string, SampledReading[]>();
  for (const { transaction, readings, ...kind } of rows) {
    const own = samples.get(transaction) ?? [];
    for (const [record, ordinal, sampled_us, value] of readings)
      own.push({ ...kind, record, ordinal, time: Number(sampled_us), value });
    samples.set(transaction, own);
  }
  return samples;
}

const KIND = 'measurand, context, format, phase, location, unit, source';

export type BootRow = { readonly station: string; readonly record: RecordId; readonly time: number };

/** BootNotifications of the stations from one time to another, both included. */
export async function bootsOf(
  store: Store,
  { tenant, station, frontier }: ReadAt,
  [from, to]: readonly [number, number],
): Promise<readonly BootRow[]> {
  const rows = await store.select<{ station: string; record: RecordId; at_us: string }>(
    `SELECT station, id AS record, toUnixTimestamp64Micro(effective_time) AS at_us FROM records
WHERE tenant = {tenant:String} AND station IN {station:Array(String)}
  AND effective_time >= fromUnixTimestamp64Micro({from:Int64}) AND effective_time <= fromUnixTimestamp64Micro({to:Int64})
  AND action = 'BootNotification' AND direction = 'station-to-csms' AND ${KNOWN_THEN}
ORDER BY station, effective_time, id`,
    { tenant, station: station ?? [], from, to, ...knownThen(frontier) },
  );
  return rows.map(({ at_us, ...row }) => ({ ...row, time: Number(at_us) }));
}
