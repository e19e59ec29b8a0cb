import type { ColumnType, Row, Scalar, TableDefinition } from './definition.ts';
import { RowRefused, StoreError } from './errors.ts';
import { encodeText } from './wtf8.ts';

/** Rows as ClickHouse's `JSONCompactEachRow`: one JSON array a line, columns in the definition's order. */
export type RowWriter = (rows: readonly Row[]) => Buffer;

/** One insert is one block, so that it is stored whole or not at all; this bounds what a block takes in memory. */
export const MAX_INSERT_CHARACTERS = 256 * 1024 * 1024;

/** Says what is wrong with a value, or nothing. */
type Check = (value: Scalar) => string | undefined;

const isInteger = (least: number, most: number): Check => {
  const complaint = `takes whole numbers from ${least} to ${most}`;
  return (value) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? undefined
      : complaint;
};

const isLong = (least: bigint, most: bigint): Check => {
  const complaint = `takes whole numbers from ${least} to ${most}, beyond 2^53 as text`;
  return (value) => {
    if (typeof value === 'number')
      return Number.isSafeInteger(value) && value >= least ? undefined : complaint;
    if (typeof value !== 'string' || !/^-?\d{1,20}$/.test(value)) return complaint;
    const integer = BigInt(value);
    return integer >= least && integer <= most ? undefined : complaint;
  };
};

const isText: Check = (value) => (typeof value === 'string' ? undefined : 'takes text');
const isBoolean: Check = (value) => (typeof value === 'boolean' ? undefined : 'takes true or false');
const isMicros: Check = (value) =>
  Number.isSafeInteger(value) ? undefined : 'takes whole microseconds since 1970';
const isDecimal: Check = (value) =>
  (typeof value === 'string' && /^-?\d{1,29}(?:\.\d{1,9})?$/.test(value)) || Number.isSafeInteger(value)
    ? undefined
    : 'takes a decimal as text, with at most 29 digits before the point and 9 after it';
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? undefined : check(value);

const isUInt32 = isInteger(0, 4294967295);
const isInt64 = isLong(-(2n ** 63n), 2n ** 63n - 1n);

const CHECKS: Readonly<Record<ColumnType, Check>> = {
  String: isText,
  'LowCardinality(String)': isText,
  'Nullable(String)': orNull(isText),
  UInt8: isInteger(0, 255),
  UInt16: isInteger(0, 65535),
  UInt32: isUInt32,
  UInt64: isLong(0n, 2n ** 64n - 1n),
  Int64: isInt64,
  'Nullable(Int64)': orNull(isInt64),
  'Nullable(UInt32)': orNull(isUInt32),
  Bool: isBoolean,
  'Nullable(Bool)': orNull(isBoolean),
  "DateTime64(6, 'UTC')": isMicros,
  "Nullable(DateTime64(6, 'UTC'))": orNull(isMicros),
  'Nullable(Decimal(38, 9))': orNull(isDecimal),
};

/** Says what is wrong with a value for a column of this type, or nothing: what {@link rowWriter} refuses by. */
export function complaintAbout(type: ColumnType, value: Scalar | undefined): string | undefined {
  return value === undefined ? 'is missing' : CHECKS[type](value);
}

/**
 * Compiles the writer of a table's rows, once per definition: a row costs one array, one `JSON.stringify`
 * and one check a value. Each row must have exactly the definition's columns.
 * @throws RowRefused from the writer, for the first row that the table cannot hold as it is
 * @throws StoreError `too-large` from the writer, for rows of more than {@link MAX_INSERT_CHARACTERS}
 */
export function rowWriter(table: TableDefinition): RowWriter {
  const columns = Object.entries(table.columns).map(([name, type]) => ({ name, check: CHECKS[type] }));
  const cells = new Array<Scalar>(columns.length);

  function line(row: Row, index: number): string {
    let at = 0;
    for (const { name, check } of columns) {
      const value = row[name];
      const complaint = value === undefined ? 'is missing' : check(value);
      if (complaint !== undefined) throw new RowRefused(table.name, index, name, complaint);
      cells[at++] = value as Scalar;
    }
    refuseUnknown(table, row, index, columns.length);
    return JSON.stringify(cells);
  }

  return (rows) => {
    let text = '';
    let surrogates = false;
    for (const [index, row] of rows.entries()) {
      const written = line(row, index);
      const plain = written.includes(SURROGATE_ESCAPE) ? unescapeSurrogates(written) : written;
      surrogates ||= plain !== written;
      text += plain + '\n';
      if (text.length > MAX_INSERT_CHARACTERS)
        throw new StoreError(
          'too-large',
          `${table.name}: one insert takes ${MAX_INSERT_CHARACTERS} characters at most`,
        );
    }
    return surrogates ? encodeText(text) : Buffer.from(text);
  };
}

function refuseUnknown(table: TableDefinition, row: Row, index: number, known: number): void {
  const names = Object.keys(row);
  if (names.length === known) return;
  const unknown = names.find((name) => !Object.hasOwn(table.columns, name));
  if (unknown !== undefined) throw new RowRefused(table.name, index, unknown, 'is none of the table');
}

/** How `JSON.stringify` begins a lone surrogate, which ClickHouse's JSON reader refuses. */
const SURROGATE_ESCAPE = '\\ud';

/** Writes escaped surrogates as themselves. Escapes are taken one after the other: in `\\\\ud800` there is none. */
function unescapeSurrogates(json: string): string {
  return json.replace(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/g, (escape, unit: string | undefined) =>
    unit === undefined ? escape : String.fromCharCode(Number.parseInt(unit, 16)),
  );
}
