/** A line without its LF, or one that is too long to be held. Numbers count from 1. */
export type Line = { readonly number: number; readonly bytes: Buffer | 'too-long' };

/** Above any frame that a gateway takes, escaped into JSON. */
export const MOST_LINE_BYTES = 64 * 1024 * 1024;

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Cuts chunks of a file into lines, ended by LF (the CR of a CRLF stays: it may stand within quotes). Holds
 * one line at most, and of one that is too long only its number. A byte order mark is no part of the first.
 */
export class LineCutter {
  #number = 0;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #isTooLong = false;

  push(chunk: Uint8Array): readonly Line[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: Line[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      lines.push(this.#line(bytes.subarray(start, end)));
      start = end + 1;
    }
    this.#hold(bytes.subarray(start));
    return lines;
  }

  /** What stands behind the last line's end, where something does. */
  end(): readonly Line[] {
    return this.#heldBytes === 0 && !this.#isTooLong ? [] : [this.#line(Buffer.alloc(0))];
  }

  #line(rest: Buffer): Line {
    this.#number += 1;
    const isTooLong = this.#isTooLong || this.#heldBytes + rest.length > MOST_LINE_BYTES;
    const whole = this.#heldBytes === 0 ? rest : Buffer.concat([...this.#held, rest]);
    this.#held = [];
    this.#heldBytes = 0;
    this.#isTooLong = false;
    return { number: this.#number, bytes: isTooLong ? 'too-long' : this.#withoutMark(whole) };
  }

  #hold(rest: Buffer): void {
    if (rest.length === 0) return;
    this.#isTooLong ||= this.#heldBytes + rest.length > MOST_LINE_BYTES;
    if (this.#isTooLong) {
      this.#held = [];
      this.#heldBytes = 0;
    } else {
      this.#held.push(rest);
      this.#heldBytes += rest.length;
    }
  }

  #withoutMark(line: Buffer): Buffer {
    const isMarked = this.#number === 1 && line.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    return isMarked ? line.subarray(BYTE_ORDER_MARK.length) : line;
  }
}
