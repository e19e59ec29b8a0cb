import type { Attributes, Direction, Opcode, Origin, RecordType, Witness } from './attributes.ts';
import { RECORD_TYPES } from './attributes.ts';
import { readSealed, writeSealed } from './sealed-text.ts';
import { formatMicros, parseMicros } from './time.ts';
import { UnreadableRecord } from './unreadable.ts';

/** Kafka headers of CloudEvents' binary mode: `content-type`, and each attribute under `ce_<name>`. */
export type Headers = Readonly<Record<string, string>>;
type Building<Fields> = { -readonly [Name in keyof Fields]: Fields[Name] };

/**
 * Writes a record's attributes as the headers of DESIGN 3. Absent attributes have no header. Times are
 * RFC 3339 in UTC with six digits, numbers decimal, `sealed` the text of `sealed-text.ts`, `cut` JSON.
 */
export function toHeaders(attributes: Attributes): Headers {
  const { sequence, monotonic, sealed, cut, loggedat } = attributes;
  const headers: Record<string, string> = {
    'content-type': contentType(attributes),
    ce_specversion: '1.0',
    ce_id: attributes.id,
    ce_source: attributes.source,
    ce_type: attributes.type,
    ce_tenant: attributes.tenant,
    ce_time: formatMicros(attributes.time),
    ce_witness: attributes.witness,
  };
  for (const name of TEXTS) {
    const value = attributes[name];
    if (value !== undefined) headers[`ce_${name}`] = value;
  }
  if (sequence !== undefined) headers.ce_sequence = String(sequence);
  if (monotonic !== undefined) headers.ce_monotonic = String(monotonic);
  if (sealed !== undefined) headers.ce_sealed = writeSealed(sealed);
  if (cut !== undefined) headers.ce_cut = JSON.stringify(cut);
  if (loggedat !== undefined) headers.ce_loggedat = formatMicros(loggedat);
  return headers;
}

/**
 * The reverse of {@link toHeaders}. Headers it does not know are passed over: brokers and tools add theirs.
 * @throws UnreadableRecord naming the header that is missing or wrong
 */
export function fromHeaders(headers: Headers): Attributes {
  if (headers.ce_specversion !== '1.0') {
    throw new UnreadableRecord(
      `ce_specversion is ${headers.ce_specversion ?? 'missing'}; this version reads 1.0`,
    );
  }
  const attributes: Building<Attributes> = {
    id: required(headers, 'id'),
    source: required(headers, 'source'),
    type: word(headers, 'type', TYPES) ?? missing('type'),
    tenant: required(headers, 'tenant'),
    time: time(headers, 'time') ?? missing('time'),
    witness: word(headers, 'witness', WITNESSES) ?? missing('witness'),
  };
  readPlace(attributes, headers);
  readWords(attributes, headers);
  readRare(attributes, headers);
  return attributes;
}

/** Attributes that are their header's text. */
const TEXTS = [
  'subject',
  'connection',
  'protocol',
  'direction',
  'origin',
  'opcode',
  'claimed',
  'inferred',
] as const;

type Words<Word> = ReadonlyMap<string, Word>;
const words = <Word extends string>(known: readonly Word[]): Words<Word> =>
  new Map(known.map((each) => [each, each]));

const TYPES = words<RecordType>(RECORD_TYPES);
const WITNESSES = words<Witness>(['wire', 'import']);
const DIRECTIONS = words<Direction>(['station-to-csms', 'csms-to-station']);
const ORIGINS = words<Origin>(['station', 'csms', 'gateway']);
const OPCODES = words<Opcode>(['text', 'binary']);
const INFERRED = words<NonNullable<Attributes['inferred']>>(['direction']);

function readPlace(attributes: Building<Attributes>, headers: Headers): void {
  const { ce_subject, ce_connection } = headers;
  const sequence = integer(headers, 'sequence');
  const monotonic = integer(headers, 'monotonic');
  if (ce_subject !== undefined) attributes.subject = ce_subject;
  if (ce_connection !== undefined) attributes.connection = ce_connection;
  if (sequence !== undefined) attributes.sequence = sequence;
  if (monotonic !== undefined) attributes.monotonic = monotonic;
}

function readWords(attributes: Building<Attributes>, headers: Headers): void {
  const direction = word(headers, 'direction', DIRECTIONS);
  const origin = word(headers, 'origin', ORIGINS);
  const opcode = word(headers, 'opcode', OPCODES);
  if (headers.ce_protocol !== undefined) attributes.protocol = headers.ce_protocol;
  if (direction !== undefined) attributes.direction = direction;
  if (origin !== undefined) attributes.origin = origin;
  if (opcode !== undefined) attributes.opcode = opcode;
}

function readRare(attributes: Building<Attributes>, headers: Headers): void {
  const loggedat = time(headers, 'loggedat');
  const inferred = word(headers, 'inferred', INFERRED);
  if (headers.ce_sealed !== undefined) attributes.sealed = readSealed(headers.ce_sealed);
  if (headers.ce_cut !== undefined) attributes.cut = readCut(headers.ce_cut);
  if (loggedat !== undefined) attributes.loggedat = loggedat;
  if (headers.ce_claimed !== undefined) attributes.claimed = headers.ce_claimed;
  if (inferred !== undefined) attributes.inferred = inferred;
}

function required(headers: Headers, name: string): string {
  return headers[`ce_${name}`] ?? missing(name);
}

function word<Word extends string>(headers: Headers, name: string, known: Words<Word>): Word | undefined {
  const written = headers[`ce_${name}`];
  if (written === undefined) return undefined;
  return known.get(written) ?? wrong(name, written);
}

function integer(headers: Headers, name: string): number | undefined {
  const written = headers[`ce_${name}`];
  if (written === undefined) return undefined;
  const value = Number(written);
  // As written: Number alone takes a blank for 0, and hex and exponents.
  return Number.isSafeInteger(value) && String(value) === written ? value : wrong(name, written);
}

function time(headers: Headers, name: string): number | undefined {
  const written = headers[`ce_${name}`];
  return written === undefined ? undefined : (parseMicros(written) ?? wrong(name, written));
}

function readCut(written: string): { bytes: number; sha256: string } {
  try {
    const { bytes, sha256 } = JSON.parse(written) as { bytes?: unknown; sha256?: unknown };
    if (typeof bytes === 'number' && typeof sha256 === 'string') return { bytes, sha256 };
  } catch {
    // Told below, as every other wrong header is.
  }
  return wrong('cut', written);
}

function missing(name: string): never {
  throw new UnreadableRecord(`ce_${name} is missing`);
}

function wrong(name: string, written: string): never {
  throw new UnreadableRecord(`ce_${name} is nothing this version reads: ${written.slice(0, 80)}`);
}

function contentType({ type, opcode }: Attributes): string {
  if (type !== 'ocpp.frame.v1') return 'application/json';
  return opcode === 'binary' ? 'application/octet-stream' : 'text/plain; charset=utf-8';
}
