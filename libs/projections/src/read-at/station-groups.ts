import type { Micros } from '@chargeproof/record';

const DAY: Micros = 86_400_000_000;
/** So many stations' days are read in one query: few enough to be held, and to be sorted in a query's memory. */
const DAYS_A_GROUP = 1500;
/** A statement has at most 256 KiB, and a name up to 255 characters. */
const MOST_STATIONS = 200;

/** Stations in their order, in groups whose rows of the period are read together. */
export function groupsOf<Station>(
  stations: readonly Station[],
  [from, to]: readonly [Micros, Micros],
): readonly (readonly Station[])[] {
  const days = Math.ceil((to - from) / DAY);
  const size = Math.max(1, Math.min(MOST_STATIONS, Math.floor(DAYS_A_GROUP / days)));
  return Array.from({ length: Math.ceil(stations.length / size) }, (_, group) =>
    stations.slice(group * size, (group + 1) * size),
  );
}

/** Rows by station; of a station without any, none. */
export function byStation<Row extends { readonly station: string }>(
  rows: readonly Row[],
): (station: string) => readonly Row[] {
  const groups = Map.groupBy(rows, ({ station }) => station);
  return (station) => groups.get(station) ?? [];
}
