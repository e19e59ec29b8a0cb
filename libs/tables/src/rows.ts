import type { Columns, ColumnType, Row, Scalar, TableDefinition } from './definition.ts';
import { RowRefused, StoreError } from './errors.ts';
import { decodeText, encodeText } from './wtf8.ts';

/** One insert is one block, so that it is stored whole or not at all; this bounds what a block takes in memory. */
export const MAX_INSERT_BYTES = 256 * 1024 * 1024;

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

/** Says what is wrong with the first value that its column cannot hold, or nothing: what {@link RowText} refuses by. */
export function complaintReader(columns: Columns): (row: Row) => string | undefined {
  const checks = Object.entries(columns).map(([name, type]) => ({ name, check: CHECKS[type] }));
  return (row) => {
    for (const { name, check } of checks) {
      const value = row[name];
      const complaint = value === undefined ? 'is missing' : check(value);
      if (complaint !== undefined) return `${name} ${complaint}`;
    }
    return undefined;
  };
}

const FIRST_BYTES = 64 * 1024;
/** What a UTF-16 unit may take in UTF-8. */
const BYTES_A_UNIT = 3;
const LINE_FEED = 0x0a;

/**
 * Rows of one table as ClickHouse's `JSONCompactEachRow`: one JSON array a line, columns in the
 * definition's order. They are written as they come and lie outside of the heap: a hundred thousand rows
 * kept as objects until they are inserted cost more in garbage collection than in writing.
 */
export class RowText {
  readonly table: TableDefinition;
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;
  #count = 0;

  constructor(table: TableDefinition) {
    this.table = table;
  }

  /** How many rows there are. */
  get count(): number {
    return this.#count;
  }

  /** Bytes written. */
  get length(): number {
    return this.#length;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /**
   * Costs one array, one `JSON.stringify` and one check a value. The row must have exactly the definition's
   * columns.
   * @throws RowRefused where the table cannot hold it as it is; then nothing was added
   */
  add(row: Row): this {
    return this.addLine(lineOf(this.table)(row, this.#count));
  }

  /**
   * Adds a row that is written already, as `JSON.stringify` writes it: for whoever knows that the table
   * holds these values, for they are not checked.
   * @throws StoreError `too-large`, for rows of more than {@link MAX_INSERT_BYTES}
   */
  addLine(line: string): this {
    if (line.includes(SURROGATE_ESCAPE)) return this.addBytes(encodeText(`${unescapeSurrogates(line)}\n`));
    this.#reserve(line.length * BYTES_A_UNIT + 1);
    this.#length += this.#bytes.write(line, this.#length);
    this.#bytes[this.#length++] = LINE_FEED;
    this.#count++;
    return this;
  }

  /** Adds one line as it lies in another text of the same table, its line feed included. */
  addBytes(line: Uint8Array): this {
    this.#reserve(line.length);
    this.#bytes.set(line, this.#length);
    this.#length += line.length;
    this.#count++;
    return this;
  }

  /** The rows read back, for a store without ClickHouse. */
  rows(): readonly Row[] {
    const names = Object.keys(this.table.columns);
    const lines = decodeText(this.bytes).split('\n').slice(0, -1);
    return lines.map((line) => {
      const cells = JSON.parse(line) as readonly Scalar[];
      return Object.fromEntries(names.map((name, at) => [name, cells[at] as Scalar]));
    });
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    if (this.#length > MAX_INSERT_BYTES)
      throw new StoreError('too-large', `${this.table.name}: one insert takes ${MAX_INSERT_BYTES} bytes`);
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

type Line = (row: Row, index: number) => string;
const lines = new WeakMap<TableDefinition, Line>();

/** Compiled once per definition. */
function lineOf(table: TableDefinition): Line {
  let line = lines.get(table);
  if (line === undefined) lines.set(table, (line = compileLine(table)));
  return line;
}

function compileLine(table: TableDefinition): Line {
  const columns = Object.entries(table.columns).map(([name, type]) => ({ name, check: CHECKS[type] }));
  const cells = new Array<Scalar>(columns.length);
  return (row, index) => {
    let at = 0;
    for (const { name, check } of columns) {
      const value = row[name];
      const complaint = value === undefined ? 'is missing' : check(value);
      if (complaint !== undefined) throw new RowRefused(table.name, index, name, complaint);
      cells[at++] = value as Scalar;
    }
    refuseUnknown(table, row, index, columns.length);
    return JSON.stringify(cells);
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
