import { readerOf, type RecordedRecord } from '@chargeproof/recordings';

/** The records of a request, or what is wrong with its first line that holds none. */
export function readRecords(body: Buffer): readonly RecordedRecord[] | string {
  const reader = readerOf('record');
  const records: RecordedRecord[] = [];
  for (const read of [...reader.push(body), ...reader.end()]) {
    if (!('record' in read)) return `line ${read.line} ${'problem' in read ? read.problem : 'is no record'}`;
    records.push(read.record);
  }
  return records;
}
