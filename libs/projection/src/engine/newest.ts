import type { TableDefinition } from '@chargeproof/tables';
import { RowText } from '@chargeproof/tables';

/**
 * Lines of a table of which only the newest of each key is to be inserted. All are written as they come,
 * outside of the heap, and those that a newer one follows are left out at the end: keeping each as a
 * string until then costs the garbage collector more.
 */
export class NewestLines {
  readonly #all: RowText;
  /** Where each line begins. */
  readonly #starts: number[] = [];
  readonly #replaced = new Set<number>();
  /** stream → key → its newest line. */
  readonly #newest = new Map<string, Map<string, number>>();

  constructor(table: TableDefinition) {
    this.#all = new RowText(table);
  }

  /**
   * @param isLast no other line of its key is to be expected: then the key is not kept, and should one come
   *   all the same, both are inserted, which the table's own versions tell apart
   * @returns whether it is the first of its key
   */
  add(stream: string, key: string, line: string, isLast = false): boolean {
    const lines = this.#linesOf(stream);
    const before = lines.get(key);
    if (before !== undefined) this.#replaced.add(before);
    if (before !== undefined || !isLast) lines.set(key, this.#starts.length);
    this.#starts.push(this.#all.length);
    this.#all.addLine(line);
    return before === undefined;
  }

  #linesOf(stream: string): Map<string, number> {
    let lines = this.#newest.get(stream);
    if (lines === undefined) this.#newest.set(stream, (lines = new Map<string, number>()));
    return lines;
  }

  text(): RowText {
    if (this.#replaced.size === 0) return this.#all;
    const { bytes, table } = this.#all;
    const text = new RowText(table);
    for (let line = 0; line < this.#starts.length; line++) {
      if (!this.#replaced.has(line))
        text.addBytes(bytes.subarray(this.#starts[line], this.#starts[line + 1] ?? bytes.length));
    }
    return text;
  }
}
