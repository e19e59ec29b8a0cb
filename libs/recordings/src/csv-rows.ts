import type { Line } from './lines.ts';
import { latin1 } from '@chargeproof/json';
import { isBlank, TOO_LONG } from './reader.ts';
import { MOST_LINE_BYTES } from './lines.ts';

/** Lines that belong together, as latin1 text: in all but the last a quote stays open. */
export type Row = { readonly line: number; readonly lines: number; readonly text: string };
export type BadRow = Row & { readonly problem: string };

/**
 * Joins lines into rows. A row whose quote is never closed does not take those behind it along: a line that
 * is a row by itself begins anew.
 */
export class RowJoiner {
  readonly #isRow: (text: string) => boolean;
  #open: Row | undefined;

  constructor(isRow: (text: string) => boolean) {
    this.#isRow = isRow;
  }

  /** @returns the rows that end with this line, mostly one */
  push({ number, bytes }: Line): readonly (Row | BadRow)[] {
    if (bytes === 'too-long') return [...this.end(), { line: number, lines: 1, text: '', problem: TOO_LONG }];
    if (this.#open === undefined && isBlank(bytes)) return [];
    const row = { line: number, lines: 1, text: latin1(bytes) };
    const hasOddQuotes = isOdd(row.text);
    if (this.#open === undefined) return hasOddQuotes ? this.#hold(row) : [row];
    if (!hasOddQuotes && this.#isRow(row.text)) return [...this.end(), row];
    const joined = joinedRow(this.#open, row);
    this.#open = undefined;
    return hasOddQuotes ? [joined] : this.#hold(joined);
  }

  /** The row that is still open, where one is. */
  end(): readonly BadRow[] {
    const open = this.#open;
    this.#open = undefined;
    return open === undefined ? [] : [{ ...open, problem: 'has a quote that is not closed' }];
  }

  #hold(row: Row): readonly BadRow[] {
    if (row.text.length > MOST_LINE_BYTES) return [{ ...row, problem: TOO_LONG }];
    this.#open = row;
    return [];
  }
}

const joinedRow = (first: Row, { text }: Row): Row => ({
  line: first.line,
  lines: first.lines + 1,
  text: `${first.text}\n${text}`,
});

function isOdd(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}
