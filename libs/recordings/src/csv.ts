import { bytesOf, latin1, utf8 } from '@chargeproof/json';
import { type Columns, columnsIn, fieldsOf } from './csv-columns.ts';
import { type BadRow, type Row, RowJoiner } from './csv-rows.ts';
import { type Line, LineCutter } from './lines.ts';
import { isBlank, type Read, type RecordingReader, TOO_LONG } from './reader.ts';
import { nameProblem } from './station-name.ts';

/** The parser costs about as much to begin as for a hundred rows. */
const ROWS_AT_ONCE = 2000;

/**
 * A CSV file with the columns `timestamp`, `id` (the station) and `msg` (the frame, byte for byte), as RFC
 * 4180 has it; `action` and others are passed over. A direction is not stated.
 */
export function csvReader(): RecordingReader {
  return new CsvReader();
}

class CsvReader implements RecordingReader {
  readonly #cutter = new LineCutter();
  readonly #joiner = new RowJoiner((text) => this.#columns !== undefined && isRow(text, this.#columns));
  #columns: Columns | undefined;
  #rows: Row[] = [];
  #read: Read[] = [];

  push(chunk: Uint8Array): readonly Read[] {
    for (const line of this.#cutter.push(chunk)) this.#take(line);
    return this.#taken();
  }

  end(): readonly Read[] {
    for (const line of this.#cutter.end()) this.#take(line);
    this.#join(this.#joiner.end());
    return this.#taken();
  }

  #take(line: Line): void {
    if (this.#columns === undefined) this.#takeHeader(line);
    else this.#join(this.#joiner.push(line));
  }

  #takeHeader({ number, bytes }: Line): void {
    if (bytes !== 'too-long' && isBlank(bytes)) return;
    this.#columns = bytes === 'too-long' ? undefined : columnsIn(latin1(bytes));
    if (this.#columns !== undefined) return;
    const problem = bytes === 'too-long' ? TOO_LONG : 'is no header with timestamp, id and msg';
    this.#read.push({ line: number, problem });
  }

  #join(rows: readonly (Row | BadRow)[]): void {
    for (const row of rows) {
      if ('problem' in row) {
        this.#parse();
        this.#read.push(unread(row, row.problem));
      } else if (this.#rows.push(row) >= ROWS_AT_ONCE) this.#parse();
    }
  }

  /** All at once; where they do not come apart so, one by one, to find which it is. */
  #parse(): void {
    const columns = this.#columns;
    const rows = this.#rows;
    if (columns === undefined || rows.length === 0) return;
    this.#rows = [];
    const texts = rows.map(({ text }) => text);
    const all = fieldsOf(texts, columns.delimiter);
    rows.forEach((row, index) => {
      const fields = all?.[index] ?? fieldsOf([row.text], columns.delimiter)?.[0];
      this.#read.push(fields ? readRow(row, fields, columns) : unread(row, 'has quotes that do not match'));
    });
  }

  #taken(): readonly Read[] {
    this.#parse();
    const read = this.#read;
    this.#read = [];
    return read;
  }
}

function readRow(row: Row, fields: readonly string[], { count, ...at }: Columns): Read {
  if (fields.length !== count) {
    return unread(row, `has ${fields.length} fields, and the header ${count}: a frame stands in quotes`);
  }
  const station = utf8(fields[at.id] ?? '').trim();
  const msg = fields[at.msg] ?? '';
  const problem = nameProblem(station) ?? (msg === '' ? 'has no frame' : undefined);
  if (problem !== undefined) return unread(row, problem);
  const time = utf8(fields[at.timestamp] ?? '');
  return { line: row.line, frame: { station, time, bytes: bytesOf(msg) } };
}

const unread = ({ line, lines }: Row, problem: string): Read =>
  lines === 1 ? { line, problem } : { line, problem, lines };

const LOOKS_LIKE_A_TIME = /^\s*\d{4}-\d\d-\d\d/;

function isRow(text: string, { delimiter, count, timestamp }: Columns): boolean {
  const fields = fieldsOf([text], delimiter)?.[0];
  return fields?.length === count && LOOKS_LIKE_A_TIME.test(fields[timestamp] ?? '');
}
