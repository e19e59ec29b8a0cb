import { after, type LogReader, type Offsets } from '@chargeproof/log';
import type { LoggedRecord } from '@chargeproof/record';
import { RecordIds } from '@chargeproof/recordings';

/** What stands in the log already, of the partitions that an import may write to. */
export type KnownRecords = {
  readonly ids: RecordIds;
  /** Keys of stations with imported frames that no end of a recording stands behind: their import was cut off. */
  readonly unfinished: Set<string>;
};

const MOST_RECORDS = 2048;
const MOST_BYTES = 4 * 1024 * 1024;

/** @param ofEveryKind also ids of records that no import made: where a file holds records of ours */
export async function readKnown(
  log: LogReader,
  partitions: ReadonlySet<number>,
  ofEveryKind: boolean,
): Promise<KnownRecords> {
  const known: KnownRecords = { ids: new RecordIds(), unfinished: new Set() };
  let from: Offsets = new Map();
  for (;;) {
    const batch = await log.read({
      topic: 'ocpp.frames',
      from,
      partitions: [...partitions],
      maxRecords: MOST_RECORDS,
      maxBytes: MOST_BYTES,
    });
    if (batch.length === 0) return known;
    for (const record of batch) note(known, record, ofEveryKind);
    from = after(from, batch);
  }
}

function note(
  { ids, unfinished }: KnownRecords,
  { key, attributes }: LoggedRecord,
  ofEveryKind: boolean,
): void {
  const { id, type, witness } = attributes;
  const isImported = witness === 'import' && type === 'ocpp.frame.v1';
  if (isImported || ofEveryKind) ids.add(id);
  if (isImported) unfinished.add(key);
  else if (type === 'recording.ended.v1') unfinished.delete(key);
}
