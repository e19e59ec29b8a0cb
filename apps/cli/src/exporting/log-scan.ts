import { after, type LogReader, type Offsets } from '@chargeproof/log';
import { type LoggedRecord, type Micros, partitionOf, recordKey } from '@chargeproof/record';

/** Which records are wanted; what is absent asks for all. */
export type Wanted = {
  readonly tenant?: string;
  readonly stations?: readonly string[];
  /** Of frames only: from this time on, and before that one, by receive time or as claimed. */
  readonly from?: Micros;
  readonly to?: Micros;
};

const MOST_RECORDS = 2048;
const MOST_BYTES = 4 * 1024 * 1024;

/** The wanted records in log order, up to the log's end as it is now: it may grow meanwhile. */
export async function* scanLog(log: LogReader, wanted: Wanted): AsyncGenerator<LoggedRecord> {
  const ends = await log.end('ocpp.frames');
  const isBeforeEnd = ({ position }: LoggedRecord) => position.offset < (ends.get(position.partition) ?? 0);
  const partitions = partitionsOf(wanted);
  let from: Offsets = new Map();
  for (;;) {
    const batch = await log.read({
      topic: 'ocpp.frames',
      from,
      ...(partitions !== undefined && { partitions }),
      maxRecords: MOST_RECORDS,
      maxBytes: MOST_BYTES,
    });
    const before = batch.filter(isBeforeEnd);
    yield* before.filter((record) => isWanted(record, wanted));
    if (before.length === 0) return;
    from = after(from, batch);
  }
}

function partitionsOf({ tenant, stations }: Wanted): readonly number[] | undefined {
  if (tenant === undefined || stations === undefined) return undefined;
  return [...new Set(stations.map((station) => partitionOf(recordKey({ tenant, station }))))];
}

/** What a run says of itself is nobody's: it is wanted where all stations are. */
function isWanted(
  { attributes }: LoggedRecord,
  { tenant, stations, from = 0, to = Infinity }: Wanted,
): boolean {
  const { subject, time, type } = attributes;
  if (tenant !== undefined && attributes.tenant !== tenant) return false;
  if (stations !== undefined && (subject === undefined || !stations.includes(subject))) return false;
  return type !== 'ocpp.frame.v1' || (time >= from && time < to);
}
