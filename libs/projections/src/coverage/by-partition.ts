import { FRAME_PARTITIONS, partitionOf, recordKey } from '@chargeproof/record';

type Stations = { readonly tenant: string; readonly station: readonly string[] };

/** Where the ticks lie that speak for a station. */
const partitionOfStation = (tenant: string, station: string): number =>
  partitionOf(recordKey({ tenant, station }), FRAME_PARTITIONS);

/** Those of some stations, each once. */
export const partitionsOf = ({ tenant, station }: Stations): readonly number[] => [
  ...new Set(station.map((one) => partitionOfStation(tenant, one))),
];

/** Rows of a station's partition; where that has none, none. */
export function byPartition<Row extends { readonly partition: number }>(
  tenant: string,
  rows: readonly Row[],
): (station: string) => readonly Row[] {
  const groups = Map.groupBy(rows, ({ partition }) => partition);
  return (station) => groups.get(partitionOfStation(tenant, station)) ?? [];
}
