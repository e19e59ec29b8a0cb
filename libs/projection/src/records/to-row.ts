import type { Frame } from '@chargeproof/ocpp';
import type { Attributes, LoggedRecord, Micros } from '@chargeproof/record';
import { isUtf8 } from 'node:buffer';
import type { Subjects } from './subjects.ts';

/** A row of `records` as it is inserted: one member for each column, times in whole microseconds. */
export type RecordRow = {
  readonly tenant: string;
  readonly station: string;
  readonly effective_time: Micros;
  readonly connection: string;
  readonly sequence: number;
  readonly log_generation: number;
  readonly log_partition: number;
  readonly log_offset: number;
  readonly logged_at: Micros;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: Micros;
  readonly monotonic: number | null;
  readonly direction: string;
  readonly origin: string;
  readonly opcode: string;
  readonly witness: string;
  readonly claimed: string;
  readonly inferred: string;
  readonly protocol: string;
  readonly kind: string;
  readonly message_type: number | null;
  readonly message_id: string;
  readonly action: string;
  readonly error_code: string;
  readonly fault: string;
  readonly fault_offset: number | null;
  readonly value: string;
  readonly encoding: string;
  readonly sealed: string;
  readonly other: string;
};

/** What the columns do not give back: `null` says the attribute is absent though its column is not. */
export type Other = {
  key?: string;
  tenant?: string;
  subject?: string | null;
  connection?: string;
  sequence?: number | null;
  time?: Micros;
  monotonic?: number;
  protocol?: string;
  cut?: Attributes['cut'];
  loggedat?: Micros;
  claimed?: string;
};

const LARGEST_UINT32 = 0xffffffff;

/**
 * @param frame the codec's verdict, on a frame
 * @param effective where the record stands in its station's order
 */
export function toRow(
  record: LoggedRecord,
  frame: Frame | undefined,
  effective: Micros,
  subjects: Subjects,
): RecordRow {
  const { attributes, position, value } = record;
  const { tenant, station } = subjects.of(record);
  const { kind, messageType, messageId, action, errorCode, fault } = frame ?? NO_FRAME;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const readable = isUtf8(bytes);
  return {
    tenant,
    station,
    effective_time: time(effective),
    connection: orEmpty(attributes.connection),
    sequence: wholeNumber(attributes.sequence) ?? 0,
    log_generation: position.generation,
    log_partition: position.partition,
    log_offset: position.offset,
    logged_at: record.loggedAt,
    id: attributes.id,
    source: attributes.source,
    type: attributes.type,
    time: time(attributes.time),
    monotonic: Number.isSafeInteger(attributes.monotonic) ? (attributes.monotonic ?? null) : null,
    direction: orEmpty(attributes.direction),
    origin: orEmpty(attributes.origin),
    opcode: orEmpty(attributes.opcode),
    witness: attributes.witness,
    claimed: orEmpty(attributes.claimed),
    inferred: orEmpty(attributes.inferred),
    protocol: orEmpty(attributes.protocol),
    kind,
    message_type: wholeNumber(messageType),
    message_id: orEmpty(messageId),
    action: orEmpty(action),
    error_code: orEmpty(errorCode),
    fault: fault === undefined ? '' : fault.reason,
    fault_offset: fault === undefined ? null : wholeNumber(fault.offset),
    value: readable ? bytes.toString('utf8') : bytes.toString('base64'),
    encoding: readable ? 'utf-8' : 'base64',
    sealed: attributes.sealed === undefined ? '' : JSON.stringify(attributes.sealed),
    other: otherOf(record, tenant, station),
  };
}

/** The row as text for its table. Its members are in the order of the columns, and right for them. */
export const lineOf = (row: RecordRow): string => JSON.stringify(Object.values(row));

type Verdict = Omit<Partial<Frame>, 'kind'> & { readonly kind: Frame['kind'] | '' };
const NO_FRAME: Verdict = { kind: '' };

/** A log that others wrote may claim any number; one that no column holds stands in `other`. */
const time = (claimed: Micros) => (isTime(claimed) ? claimed : 0);
const isTime = (claimed: Micros) => Number.isSafeInteger(claimed) && claimed >= 0;

const orEmpty = (text: string | undefined) => text ?? '';

/** A claimed message type may be any number; only those a column holds are searched for. */
function wholeNumber(value: number | undefined): number | null {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= LARGEST_UINT32
    ? value
    : null;
}

function otherOf(record: LoggedRecord, tenant: string, station: string): string {
  const { attributes } = record;
  const { connection, sequence, protocol, claimed } = attributes;
  const plain =
    holdsNumbers(attributes) &&
    attributes.tenant === tenant &&
    attributes.subject === station &&
    (connection === undefined) === (sequence === undefined) &&
    connection !== '' &&
    protocol !== '' &&
    claimed !== '' &&
    attributes.cut === undefined &&
    attributes.loggedat === undefined &&
    station !== '';
  return plain ? '' : JSON.stringify(oddities(record, tenant, station));
}

const holdsNumbers = ({ sequence = 0, monotonic = 0, time }: Attributes) =>
  wholeNumber(sequence) !== null && Number.isSafeInteger(monotonic) && isTime(time);

function oddities(record: LoggedRecord, tenant: string, station: string): Other {
  const { attributes, key } = record;
  const { subject, connection, sequence } = attributes;
  const other: Other = holdsNumbers(attributes) ? {} : numbersOf(attributes);
  if (tenant === '' || station === '') other.key = key;
  if (attributes.tenant !== tenant) other.tenant = attributes.tenant;
  if (subject !== station) other.subject = subject ?? null;
  if ((connection === undefined) !== (sequence === undefined)) other.sequence = sequence ?? null;
  for (const name of ['connection', 'protocol', 'claimed'] as const)
    if (attributes[name] === '') other[name] = '';
  addRare(other, attributes);
  return other;
}

function addRare(other: Other, { cut, loggedat }: Attributes): void {
  if (cut !== undefined) other.cut = cut;
  if (loggedat !== undefined) other.loggedat = loggedat;
}

function numbersOf({ time, sequence, monotonic }: Attributes): Other {
  return {
    time,
    ...(sequence === undefined ? {} : { sequence }),
    ...(monotonic === undefined ? {} : { monotonic }),
  };
}
