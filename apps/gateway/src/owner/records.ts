import type { Topic } from '@chargeproof/log';
import { isDecision } from '@chargeproof/record';
import { readerOf, type RecordedRecord } from '@chargeproof/recordings';

/** The records of a request, or what is wrong with its first line that holds none for that topic. */
export function readRecords(body: Buffer, topic: Topic): readonly RecordedRecord[] | string {
  const reader = readerOf('record');
  const records: RecordedRecord[] = [];
  for (const read of [...reader.push(body), ...reader.end()]) {
    if (!('record' in read)) return `line ${read.line} ${'problem' in read ? read.problem : 'is no record'}`;
    const { record, line } = read;
    // What an import brings must never be carried out.
    const isOfDecisions = topic === 'platform.decisions';
    if (isDecision(record.attributes.type) !== isOfDecisions) return `line ${line} is no record of ${topic}`;
    records.push(record);
  }
  return records;
}
