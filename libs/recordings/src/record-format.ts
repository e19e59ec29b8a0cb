import { isUtf8 } from 'node:buffer';
import {
  type Attributes,
  FRAME_PARTITIONS,
  fromHeaders,
  NO_STATION_KEY,
  recordKey,
  toHeaders,
  UnreadableRecord,
} from '@chargeproof/record';
import { isObject, type Members, objectIn, textOr } from './json-line.ts';
import { type RecordedRecord, readerOfLines, type RecordingReader } from './reader.ts';

/**
 * Our own format: a record a line, with nothing lost of any type. A JSON object of the CloudEvents
 * attributes under their names, each as the text it has as a Kafka header (`headers.ts` of libs/record), and
 *
 *   key          of the log
 *   partition    a number; only on what a run says of itself, which goes to every partition
 *   data         the value, where it is UTF-8
 *   data_base64  the value, where it is not
 *
 * What is sealed stays sealed: the key file opens it, as it does in the log.
 */
export function recordFormatReader(): RecordingReader {
  return readerOfLines(readRecord);
}

/** @returns one line, its end included */
export function writeRecord({ key, attributes, value, partition }: RecordedRecord): string {
  const { 'content-type': datacontenttype, ...headers } = toHeaders(attributes);
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const named = Object.entries(headers).map(([name, text]) => [name.slice(PREFIX.length), text] as const);
  return `${JSON.stringify({
    ...Object.fromEntries(named),
    datacontenttype,
    key,
    ...(partition !== undefined && { partition }),
    ...(isUtf8(bytes) ? { data: bytes.toString('utf8') } : { data_base64: bytes.toString('base64') }),
  })}\n`;
}

/** As {@link recordFormatReader}, of one line without its end. */
export function readRecord(line: Buffer): { record: RecordedRecord } | string {
  const members = objectIn(line);
  if (typeof members === 'string') return members;
  const { key, partition } = members;
  const value = valueOf(members);
  const attributes = attributesOf(members);
  if (typeof attributes === 'string') return attributes;
  if (value === undefined) return 'has neither data nor data_base64';
  if (typeof key !== 'string' || key !== keyOf(attributes)) return 'has a key that is not its station';
  if (key !== NO_STATION_KEY || partition === undefined) return { record: { key, attributes, value } };
  return isPartition(partition)
    ? { record: { key, attributes, value, partition } }
    : 'has a partition that no log has';
}

const PREFIX = 'ce_';

const isPartition = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < FRAME_PARTITIONS;

const keyOf = ({ tenant, subject }: Attributes) =>
  subject === undefined ? NO_STATION_KEY : recordKey({ tenant, station: subject });

function valueOf(members: Members): Buffer | undefined {
  const { data, data_base64: base64 } = members;
  if (typeof data === 'string') return Buffer.from(data);
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : undefined;
}

function attributesOf(members: Members): Attributes | string {
  const texts = Object.entries(members).flatMap(([name, text]) =>
    typeof text === 'string' ? [[`${PREFIX}${name}`, text] as const] : [],
  );
  try {
    return fromHeaders(Object.fromEntries(texts));
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
    return `is no record of ours: ${error.message}`;
  }
}

/** Whether a line is of this format, as far as its members tell. */
export const looksLikeRecord = (members: Members) =>
  isObject(members) && textOr(members.specversion, '') !== '' && typeof members.key === 'string';
