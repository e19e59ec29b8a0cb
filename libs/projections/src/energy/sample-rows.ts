import type { SampledReading } from '@chargeproof/billing';
import type { RecordId } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { meterValues } from '../meter-values/meter-values.ts';
import { factsAt, type ReadAt } from '../read-at/facts-at.ts';
import { KNOWN_THEN, knownThen } from '../read-at/frontier.ts';

type SampleRow = Omit<SampledReading, 'time'> & {
  readonly transaction: string;
  readonly sampled_us: string;
};

/** Those that a figure of energy is read off; left out, it is the register. */
const MEASURANDS = [
  'Energy.Active.Import.Register',
  'Energy.Active.Export.Register',
  'Energy.Active.Import.Interval',
  'Power.Active.Import',
];
const OF_ENERGY = '(measurand IS NULL OR measurand IN {measurands:Array(String)})';
/** So many readings are held at once, however many transactions that is. */
const ROWS_A_CHUNK = 100_000;

/** How many readings each transaction has, to read them in chunks that can be held. */
async function sizes(
  store: Store,
  at: ReadAt,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const facts = factsAt(meterValues, at);
  const rows = await store.select<{ transaction: string; size: string }>(
    `SELECT assumeNotNull(transaction) AS transaction, count() AS size FROM ${facts.sql}
WHERE transaction IN {keys:Array(String)} AND ${OF_ENERGY} GROUP BY transaction`,
    { ...facts.parameters, keys, measurands: MEASURANDS },
  );
  return new Map(rows.map(({ transaction, size }) => [transaction, Number(size)]));
}

/** Packs transactions into chunks of so many readings; one that has more is a chunk of its own. */
export async function chunksOf<Item extends { readonly transaction: string }>(
  store: Store,
  at: ReadAt,
  items: readonly Item[],
): Promise<readonly (readonly Item[])[]> {
  const counts = await sizes(
    store,
    at,
    items.map(({ transaction }) => transaction),
  );
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

/** Readings by transaction. */
export async function samplesOf(
  store: Store,
  at: ReadAt,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly SampledReading[]>> {
  const facts = factsAt(meterValues, at);
  const rows = await store.select<SampleRow>(
    `SELECT assumeNotNull(transaction) AS transaction, record, ordinal, toUnixTimestamp64Micro(sampled) AS sampled_us,
  value, measurand, context, format, phase, location, unit, source
FROM ${facts.sql} WHERE transaction IN {keys:Array(String)} AND ${OF_ENERGY}`,
    { ...facts.parameters, keys, measurands: MEASURANDS },
  );
  const readings = rows.map(({ sampled_us, ...row }) => ({ ...row, time: Number(sampled_us) }));
  return Map.groupBy(readings, ({ transaction }) => transaction);
}

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
