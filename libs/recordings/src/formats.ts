import { latin1 } from '@chargeproof/json';
import { columnsIn } from './csv-columns.ts';
import { csvReader } from './csv.ts';
import { isObject, objectIn } from './json-line.ts';
import { LineCutter } from './lines.ts';
import { openOcppTraceReader } from './open-ocpp-trace.ts';
import { isBlank, type RecordingReader } from './reader.ts';
import { looksLikeRecord, recordFormatReader } from './record-format.ts';

/** Every format of a recording that is read. */
export const RECORDING_FORMATS = ['open-ocpp-trace', 'csv', 'record'] as const;
export type RecordingFormat = (typeof RECORDING_FORMATS)[number];

/** @param station whose frames those are that name none (Open OCPP Trace lets a line go without) */
export function readerOf(format: RecordingFormat, station?: string): RecordingReader {
  switch (format) {
    case 'open-ocpp-trace':
      return openOcppTraceReader(station);
    case 'csv':
      return csvReader();
    case 'record':
      return recordFormatReader();
  }
}

/** So much of a file's beginning tells its format, where its first lines are not damaged. */
export const DETECTION_BYTES = 1024 * 1024;

/**
 * The format of a file, by its first line that is of one: a file may begin in the middle of a line.
 * @param beginning the first {@link DETECTION_BYTES} of the file, or all of it
 * @returns why it is none, as `is compressed (gzip): unpack it first`
 */
export function detectFormat(beginning: Uint8Array): { readonly format: RecordingFormat } | string {
  const known = CONTAINERS.find(({ magic }) => startsWith(beginning, magic));
  if (known !== undefined) return known.problem;
  const cutter = new LineCutter();
  for (const { bytes } of [...cutter.push(beginning), ...cutter.end()]) {
    if (bytes === 'too-long' || isBlank(bytes)) continue;
    const format = formatOfLine(bytes);
    if (format !== undefined) return { format };
  }
  if (isText(beginning)) return `is of no format that is known here (${KNOWN}); --format names one`;
  return 'is no text, and of no format that is known here';
}

const KNOWN = 'Open OCPP Trace, CSV with timestamp, id and msg, our own records';

/** What people hand over in place of the file in it. */
const CONTAINERS: readonly { readonly magic: readonly number[]; readonly problem: string }[] = [
  { magic: [0x1f, 0x8b], problem: 'is compressed (gzip): unpack it first' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], problem: 'is compressed (zstd): unpack it first' },
  { magic: [0x50, 0x4b, 0x03, 0x04], problem: 'is an archive (zip): unpack it first' },
  { magic: [0xff, 0xfe], problem: 'is UTF-16: save it as UTF-8 first' },
  { magic: [0xfe, 0xff], problem: 'is UTF-16: save it as UTF-8 first' },
];

const startsWith = (bytes: Uint8Array, magic: readonly number[]) =>
  magic.every((byte, index) => bytes[index] === byte);

const TRACE_MEMBERS = ['schemaVersion', 'messageType', 'raw'];

function formatOfLine(line: Buffer): RecordingFormat | undefined {
  const members = objectIn(line);
  if (!isObject(members)) return columnsIn(latin1(line)) && 'csv';
  if (looksLikeRecord(members)) return 'record';
  return TRACE_MEMBERS.some((name) => name in members) ? 'open-ocpp-trace' : undefined;
}

const isText = (bytes: Uint8Array) => !bytes.includes(0);
