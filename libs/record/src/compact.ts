import type { Attributes, RecordType } from './attributes.ts';
import { openedAt, recordId } from './ids.ts';
import { DEFAULT_TENANT } from './key.ts';
import { sealedOf, writeSealed } from './sealed-text.ts';
import type { Micros } from './time.ts';
import { UnreadableRecord } from './unreadable.ts';

/**
 * The attributes as one short text, for the embedded log. A JSON array:
 *
 *   [1, type, connection, sequence, source, flags, time, monotonic, subject, protocol, rest?]
 *
 * - `type`: a number of {@link TYPE_NUMBERS}. `null` stands for an absent attribute.
 * - `source`: the run in full, or `<started>-` where its random part is the connection's.
 * - `flags`: four letters of {@link FLAGS}: direction, origin, opcode, witness; `-` where absent.
 * - `time`: microseconds since effective time (`openedAt(connection) + monotonic`), which is mostly a small
 *   number; since 1970 where the record has no connection of ours.
 * - `rest`: an object with what is rare, by its name: `id` where it is not `<connection>/<sequence>`, `tenant`
 *   where it is not `default`, `sealed` (`sealed-text.ts`), `cut`, `loggedat`, `claimed`, `inferred`, and
 *   `source` where it cannot stand in its place.
 *
 * Logs keep this form for ever: a change is a new leading number, and this one stays readable.
 */
const VERSION = 1;

/** Only ever added to. */
const TYPE_NUMBERS: Readonly<Record<RecordType, number>> = {
  'ocpp.frame.v1': 0,
  'ocpp.handshake-accepted.v1': 1,
  'ocpp.handshake-refused.v1': 2,
  'ocpp.connection-closed.v1': 3,
  'ocpp.relay-failed.v1': 4,
  'ocpp.gap.v1': 5,
  'recorder.tick.v1': 6,
  'recorder.run-started.v1': 7,
  'recorder.run-stopped.v1': 8,
  'recording.begun.v1': 9,
  'recording.ended.v1': 10,
  'station.decision.v1': 11,
  'platform.command-requested.v1': 12,
  'platform.command-sent.v1': 13,
  'platform.command-ended.v1': 14,
  'platform.key-named.v1': 15,
  'platform.transaction-ids-claimed.v1': 16,
  'ocpp.limited.v1': 17,
  'platform.id-tags-decided.v1': 18,
  'platform.registration-decided.v1': 19,
};
const TYPES = Object.keys(TYPE_NUMBERS) as RecordType[];

/** Letters of each flag. Only ever added to. */
const FLAGS = {
  direction: { 'station-to-csms': 's', 'csms-to-station': 'c' },
  origin: { station: 's', csms: 'c', gateway: 'g' },
  opcode: { text: 't', binary: 'b' },
  witness: { wire: 'w', import: 'i' },
} as const;
const letters = <Word extends string>(table: Readonly<Record<Word, string>>) =>
  new Map(Object.entries(table).map(([word, letter]) => [letter as string, word as Word]));
const DIRECTIONS = letters(FLAGS.direction);
const ORIGINS = letters(FLAGS.origin);
const OPCODES = letters(FLAGS.opcode);
const WITNESSES = letters(FLAGS.witness);

/** Where the time digits of an identity end, dash included (`ids.ts`). */
const TIME_PART = 12;

type Written = readonly [
  version: number,
  type: number,
  connection: string | null,
  sequence: number | null,
  source: string | null,
  flags: string,
  time: number,
  monotonic: number | null,
  subject: string | null,
  protocol: string | null,
  rest?: Rest,
];
type Rest = {
  readonly id?: string;
  readonly tenant?: string;
  readonly source?: string;
  readonly sealed?: unknown;
  readonly cut?: { readonly bytes: number; readonly sha256: string };
  readonly loggedat?: Micros;
} & Pick<Attributes, 'claimed' | 'inferred'>;
const NO_REST: Rest = {};
type Building = { -readonly [Name in keyof Attributes]: Attributes[Name] };

export function writeAttributes(attributes: Attributes): string {
  const { sequence, monotonic, time } = attributes;
  const alike = alikeOf(attributes);
  const rest = restOf(attributes, alike.sourcePlace);
  return (
    `[${VERSION},${TYPE_NUMBERS[attributes.type]},${alike.connectionText},${number(sequence)},${alike.sourceText}` +
    `,"${flagsOf(attributes)}",${time - timeBase(alike.opened, monotonic)},${number(monotonic)}` +
    `,${alike.namesText}${rest}]`
  );
}

/** What the records of one connection write alike, ready as text, and what it was made of. */
type Alike = Pick<Attributes, 'source' | 'subject' | 'protocol'> & {
  readonly opened: Micros;
  readonly sourcePlace: string | undefined;
  readonly connectionText: string;
  readonly sourceText: string;
  readonly namesText: string;
};
/** By connection. A memo of a pure function: nothing depends on what is in it. */
const alikes = new Map<string | undefined, Alike>();
const MOST_ALIKES = 4096;

function alikeOf({ connection, source, subject, protocol }: Attributes): Alike {
  const known = alikes.get(connection);
  if (known?.source === source && known.subject === subject && known.protocol === protocol) return known;
  const place = sourcePlace(source, connection);
  const alike: Alike = {
    source,
    opened: openingOf(connection),
    sourcePlace: place,
    connectionText: text(connection),
    sourceText: text(place),
    namesText: `${text(subject)},${text(protocol)}`,
    ...(subject !== undefined && { subject }),
    ...(protocol !== undefined && { protocol }),
  };
  if (alikes.size >= MOST_ALIKES) alikes.clear();
  alikes.set(connection, alike);
  return alike;
}

/**
 * The reverse of {@link writeAttributes}.
 * @throws UnreadableRecord for what no version up to this one wrote
 */
export function readAttributes(written: string): Attributes {
  const read = parse(written);
  const [, type, connection, sequence, source, flags] = read;
  const rest = read[10] ?? NO_REST;
  const attributes: Building = {
    id: rest.id ?? recordId(connection ?? '', sequence ?? 0),
    source: rest.source ?? readSource(source ?? '', connection),
    type: TYPES[type] ?? refuse(written),
    tenant: rest.tenant ?? DEFAULT_TENANT,
    time: read[6] + timeBase(openingOf(connection), read[7]),
    witness: WITNESSES.get(flags.charAt(3)) ?? refuse(written),
  };
  readPlaces(attributes, read);
  readFlags(attributes, flags);
  if (rest !== NO_REST) readRest(attributes, rest);
  return attributes;
}

function readPlaces(attributes: Building, read: Written): void {
  const [, , connection, sequence, , , , monotonic, subject, protocol] = read;
  if (connection !== null) attributes.connection = connection;
  if (sequence !== null) attributes.sequence = sequence;
  if (monotonic !== null) attributes.monotonic = monotonic;
  if (subject !== null) attributes.subject = subject;
  if (protocol !== null) attributes.protocol = protocol;
}

function parse(written: string): Written {
  let read: unknown;
  try {
    read = JSON.parse(written);
  } catch {
    return refuse(written);
  }
  return Array.isArray(read) && read[0] === VERSION && read.length >= 10
    ? (read as unknown as Written)
    : refuse(written);
}

function refuse(written: string): never {
  throw new UnreadableRecord(`these attributes are of no form this version reads: ${written.slice(0, 60)}`);
}

const text = (value: string | undefined) => (value === undefined ? 'null' : JSON.stringify(value));
const number = (value: number | undefined) => (value === undefined ? 'null' : String(value));

/** NaN for no connection of ours. */
const openingOf = (connection: string | null | undefined): Micros =>
  typeof connection === 'string' ? openedAt(connection) : Number.NaN;

/** What `time` counts from. Every record of a connection is within a clock step of it. */
function timeBase(opened: Micros, monotonic: number | null | undefined): Micros {
  const base = opened + (monotonic ?? Number.NaN);
  return Number.isSafeInteger(base) ? base : 0;
}

/** The run as it stands in its place, or undefined where it must be told in `rest`. */
function sourcePlace(source: string, connection: string | undefined): string | undefined {
  const shared = connection === undefined ? undefined : randomPart(connection);
  if (shared !== undefined && source.length > TIME_PART && source.slice(TIME_PART) === shared) {
    if (source.charAt(TIME_PART - 1) === '-') return source.slice(0, TIME_PART);
  }
  return isShortened(source) ? undefined : source;
}

function readSource(place: string, connection: string | null): string {
  if (connection === null || !isShortened(place)) return place;
  return place + (randomPart(connection) ?? '');
}

const isShortened = (place: string) => place.length === TIME_PART && place.endsWith('-');

function randomPart(connection: string): string | undefined {
  const dash = connection.lastIndexOf('-');
  return dash > TIME_PART ? connection.slice(TIME_PART, dash) : undefined;
}

function flagsOf({ direction, origin, opcode, witness }: Attributes): string {
  return (
    (direction ? FLAGS.direction[direction] : '-') +
    (origin ? FLAGS.origin[origin] : '-') +
    (opcode ? FLAGS.opcode[opcode] : '-') +
    FLAGS.witness[witness]
  );
}

function readFlags(attributes: Building, flags: string): void {
  const direction = DIRECTIONS.get(flags.charAt(0));
  const origin = ORIGINS.get(flags.charAt(1));
  const opcode = OPCODES.get(flags.charAt(2));
  if (direction !== undefined) attributes.direction = direction;
  if (origin !== undefined) attributes.origin = origin;
  if (opcode !== undefined) attributes.opcode = opcode;
}

function restOf(attributes: Attributes, source: string | undefined): string {
  const { id, connection, sequence, tenant, sealed } = attributes;
  let rest = '';
  if (connection === undefined || sequence === undefined || id !== recordId(connection, sequence)) {
    rest += `,"id":${text(id)}`;
  }
  if (tenant !== DEFAULT_TENANT) rest += `,"tenant":${text(tenant)}`;
  if (source === undefined) rest += `,"source":${text(attributes.source)}`;
  if (sealed !== undefined) rest += `,"sealed":${writeSealed(sealed)}`;
  rest += rareOf(attributes);
  return rest && `,{${rest.slice(1)}}`;
}

function rareOf({ cut, loggedat, claimed, inferred }: Attributes): string {
  let rare = '';
  if (cut !== undefined) rare += `,"cut":${JSON.stringify(cut)}`;
  if (loggedat !== undefined) rare += `,"loggedat":${loggedat}`;
  if (claimed !== undefined) rare += `,"claimed":${text(claimed)}`;
  if (inferred !== undefined) rare += `,"inferred":${text(inferred)}`;
  return rare;
}

function readRest(attributes: Building, { sealed, cut, loggedat, claimed, inferred }: Rest): void {
  if (sealed !== undefined) attributes.sealed = sealedOf(sealed);
  if (cut !== undefined) attributes.cut = cut;
  if (loggedat !== undefined) attributes.loggedat = loggedat;
  if (claimed !== undefined) attributes.claimed = claimed;
  if (inferred !== undefined) attributes.inferred = inferred;
}
