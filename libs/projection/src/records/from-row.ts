import type { Attributes, LoggedRecord } from '@chargeproof/record';
import { recordKey } from '@chargeproof/record';
import { RECORD_COLUMNS } from './table.ts';
import type { Other, RecordRow } from './to-row.ts';

/**
 * A row as a SELECT of {@link RECORD_SELECT} gives it: 64-bit integers are texts there, and a time is whole
 * microseconds under another name, so that `effective_time` in a condition still means the column.
 */
export type SelectedRow = Omit<RecordRow, TimeColumn | 'log_offset' | 'monotonic'> & {
  readonly [Column in TimeColumn as `${Column}_us`]: string;
} & { readonly log_offset: string; readonly monotonic: string | null };
type TimeColumn = 'effective_time' | 'logged_at' | 'time';

/** The columns of a `records` row, in the form {@link fromRow} reads. */
export const RECORD_SELECT = Object.entries(RECORD_COLUMNS)
  .map(([name, type]) =>
    type.startsWith('DateTime64') ? `toUnixTimestamp64Micro(${name}) AS ${name}_us` : name,
  )
  .join(', ');

type Building = { -readonly [Name in keyof Attributes]: Attributes[Name] };

/** Rebuilds the very record that {@link toRow} was given, its bytes included. */
export function fromRow(row: SelectedRow): LoggedRecord {
  const other = readOther(row.other);
  const { tenant, station } = row;
  return {
    key: other.key ?? recordKey({ tenant, station }),
    attributes: attributesOf(row, other),
    value: Buffer.from(row.value, row.encoding === 'base64' ? 'base64' : 'utf8'),
    position: {
      generation: row.log_generation,
      partition: row.log_partition,
      offset: Number(row.log_offset),
    },
    loggedAt: Number(row.logged_at_us),
  };
}

const NOTHING: Other = {};
const readOther = (text: string) => (text === '' ? NOTHING : (JSON.parse(text) as Other));

function attributesOf(row: SelectedRow, other: Other): Attributes {
  const attributes: Building = {
    id: row.id,
    source: row.source,
    type: row.type as Attributes['type'],
    tenant: other.tenant ?? row.tenant,
    time: other.time ?? Number(row.time_us),
    witness: row.witness as Attributes['witness'],
  };
  const subject = given(other.subject, row.station);
  if (subject !== null) attributes.subject = subject;
  if (row.sealed !== '') attributes.sealed = JSON.parse(row.sealed) as NonNullable<Attributes['sealed']>;
  if (other.cut !== undefined) attributes.cut = other.cut;
  if (other.loggedat !== undefined) attributes.loggedat = other.loggedat;
  setRecording(attributes, row, other);
  setConnection(attributes, row, other);
  setFrame(attributes, row, other);
  return attributes;
}

function setRecording(attributes: Building, row: SelectedRow, other: Other): void {
  const claimed = other.claimed ?? absentIfEmpty(row.claimed);
  if (claimed !== undefined) attributes.claimed = claimed;
  if (row.inferred !== '') attributes.inferred = row.inferred as NonNullable<Attributes['inferred']>;
}

function setConnection(attributes: Building, row: SelectedRow, other: Other): void {
  const connection = other.connection ?? absentIfEmpty(row.connection);
  const sequence = given(other.sequence, connection === undefined ? null : row.sequence);
  if (connection !== undefined) attributes.connection = connection;
  if (sequence !== null) attributes.sequence = sequence;
  const monotonic = other.monotonic ?? (row.monotonic === null ? undefined : Number(row.monotonic));
  if (monotonic !== undefined) attributes.monotonic = monotonic;
}

function setFrame(attributes: Building, row: SelectedRow, other: Other): void {
  const protocol = other.protocol ?? absentIfEmpty(row.protocol);
  if (protocol !== undefined) attributes.protocol = protocol;
  if (row.direction !== '') attributes.direction = row.direction as NonNullable<Attributes['direction']>;
  if (row.origin !== '') attributes.origin = row.origin as NonNullable<Attributes['origin']>;
  if (row.opcode !== '') attributes.opcode = row.opcode as NonNullable<Attributes['opcode']>;
}

const given = <Value>(corrected: Value | null | undefined, column: Value | null) =>
  corrected === undefined ? column : corrected;

const absentIfEmpty = (column: unknown) => (column === '' ? undefined : String(column));
