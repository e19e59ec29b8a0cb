/**
 * A text inside the frame, and where each of its characters stands in the frame. The frame itself is one,
 * and so is what a string in it says once its escapes are undone: JSON inside a string, however deep. A
 * character is one byte of UTF-8 in both.
 */
export class Layer {
  readonly text: string;
  /** How many strings deep: a quote here is escaped that often in the frame. */
  readonly depth: number;
  readonly #base: number;
  readonly #places: Int32Array | undefined;

  constructor(text: string, depth = 0, base = 0, places?: Int32Array) {
    this.text = text;
    this.depth = depth;
    this.#base = base;
    this.#places = places;
  }

  /** The byte of the frame at which a character begins; of the text's length, the byte behind its last. */
  place(at: number): number {
    return this.#places ? (this.#places[at] ?? 0) : this.#base + at;
  }

  /** What the characters [start, end) of a string say. Escapes that are none stay as they are. */
  unescape(start: number, end: number): Layer {
    const content = this.text.slice(start, end);
    if (!content.includes('\\')) {
      const places = this.#places?.subarray(start, end + 1);
      return new Layer(content, this.depth + 1, this.#base + start, places);
    }
    // What an escape says is never longer than how it is written, so the text never grows.
    const places = new Int32Array(content.length + 1);
    let text = '';
    for (let at = 0; at < content.length;) {
      const { says, length, isItself } = pieceAt(content, at);
      for (let i = 0; i < says.length; i++) {
        places[text.length + i] = this.place(start + at + (isItself ? i : 0));
      }
      text += says;
      at += length;
    }
    places[text.length] = this.place(end);
    return new Layer(text, this.depth + 1, 0, places.subarray(0, text.length + 1));
  }

  /** How a double quote of this text is written in the frame. */
  get quote(): string {
    return `${'\\'.repeat(2 ** this.depth - 1)}"`;
  }
}

const ESCAPE = /\\(?:u([0-9a-f]{4})(?:\\u(d[c-f][0-9a-f]{2}))?|(["\\/])|([bfnrt]))/iy;
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

type Piece = { readonly says: string; readonly length: number; readonly isItself: boolean };

/** The next piece of a string's source: all up to the next backslash, or one escape. */
function pieceAt(content: string, at: number): Piece {
  ESCAPE.lastIndex = at;
  const escape = ESCAPE.exec(content);
  if (!escape) {
    const next = content.indexOf('\\', at + 1);
    const says = content.slice(at, next < 0 ? undefined : next);
    return { says, length: says.length, isItself: true };
  }
  const [written, unit, second, itself, control] = escape;
  if (unit !== undefined) return characterOf(unit, second);
  return { says: itself ?? CONTROLS[control ?? ''] ?? '', length: written.length, isItself: false };
}

/** As UTF-8 bytes. A low surrogate that follows no high one is a piece of its own. */
function characterOf(unit: string, second: string | undefined): Piece {
  const first = Number.parseInt(unit, 16);
  const isPair = second !== undefined && first >= 0xd800 && first < 0xdc00;
  const character = isPair
    ? String.fromCharCode(first, Number.parseInt(second, 16))
    : String.fromCharCode(first);
  return { says: Buffer.from(character).toString('latin1'), length: isPair ? 12 : 6, isItself: false };
}
