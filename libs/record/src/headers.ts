import type { Attributes, RecordType } from './attributes.ts';
import { RECORD_TYPES } from './attributes.ts';
import { formatMicros, parseMicros } from './time.ts';
import { UnreadableRecord } from './unreadable.ts';

/** Kafka headers of CloudEvents' binary mode: `content-type`, and each attribute under `ce_<name>`. */
export type Headers = Readonly<Record<string, string>>;

type Codec = { readonly write: (value: never) => string; readonly read: (text: string) => unknown };
const text: Codec = { write: (value: string) => value, read: (written) => written };
const integer: Codec = { write: (value: number) => String(value), read: Number };
const time: Codec = { write: formatMicros, read: parseMicros };
const json: Codec = {
  write: (value: object) => JSON.stringify(value),
  read: (written) => JSON.parse(written) as unknown,
};

const CODECS: Readonly<Record<keyof Attributes, Codec>> = {
  id: text,
  source: text,
  type: text,
  tenant: text,
  subject: text,
  time,
  witness: text,
  connection: text,
  sequence: integer,
  monotonic: integer,
  protocol: text,
  direction: text,
  origin: text,
  opcode: text,
  sealed: json,
  cut: json,
  loggedat: time,
};
const NAMES = Object.keys(CODECS) as (keyof Attributes)[];
const REQUIRED: readonly (keyof Attributes)[] = ['id', 'source', 'type', 'tenant', 'time', 'witness'];
const KNOWN_TYPES: ReadonlySet<string> = new Set<RecordType>(RECORD_TYPES);

/** Writes a record's attributes as the headers of DESIGN 3. Absent attributes have no header. */
export function toHeaders(attributes: Attributes): Headers {
  const headers: Record<string, string> = {
    'content-type': contentType(attributes),
    ce_specversion: '1.0',
  };
  for (const name of NAMES) {
    const value = attributes[name];
    if (value !== undefined) headers[`ce_${name}`] = CODECS[name].write(value as never);
  }
  return headers;
}

/**
 * The reverse of {@link toHeaders}.
 * @throws UnreadableRecord naming the header that is missing or wrong
 */
export function fromHeaders(headers: Headers): Attributes {
  if (headers.ce_specversion !== '1.0') {
    throw new UnreadableRecord(
      `ce_specversion is ${headers.ce_specversion ?? 'missing'}; this version reads 1.0`,
    );
  }
  const attributes: Record<string, unknown> = {};
  for (const name of NAMES) {
    const written = headers[`ce_${name}`];
    if (written === undefined) continue;
    const value = CODECS[name].read(written);
    if (value === undefined || Number.isNaN(value))
      throw new UnreadableRecord(`ce_${name} is not readable: ${written}`);
    attributes[name] = value;
  }
  for (const name of REQUIRED) {
    if (attributes[name] === undefined) throw new UnreadableRecord(`ce_${name} is missing`);
  }
  if (!KNOWN_TYPES.has(attributes.type as string)) {
    throw new UnreadableRecord(
      `ce_type ${String(attributes.type)} is none of this version's: ${RECORD_TYPES.join(', ')}`,
    );
  }
  return attributes as Attributes;
}

function contentType({ type, opcode }: Attributes): string {
  if (type !== 'ocpp.frame.v1') return 'application/json';
  return opcode === 'binary' ? 'application/octet-stream' : 'text/plain; charset=utf-8';
}
