import * as c from './characters.ts';
import { NameStack } from './names.ts';

/**
 * Why a text is not JSON. `truncated`: a longer text with this beginning could be JSON. `wrong`: none could.
 * `too-deep`: nested beyond {@link MAX_DEPTH}; what follows was not looked at.
 */
export type JsonFault = { readonly reason: 'truncated' | 'wrong' | 'too-deep'; readonly offset: number };
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'true' | 'false' | 'null';

/** A value's place: bytes [start, end), quotes and brackets included. */
export type Element = { readonly kind: JsonKind; readonly start: number; readonly end: number };

export type Outline = {
  /** The whole value. Absent where a fault cut it off. */
  readonly root?: Element;
  /** The first 16 elements of an outermost array, as far as they are whole: beside a fault those before it. */
  readonly elements: readonly Element[];
  readonly fault?: JsonFault;
  /**
   * JSON pointers (RFC 6901) of names that one object holds twice, each once, the first 64 of them. A name of
   * more than 256 characters is cut in them.
   */
  readonly duplicateKeys: readonly string[];
};

/** Beyond any real message, far below what would exhaust the stack. */
export const MAX_DEPTH = 500;

/**
 * Checks a latin1 text against RFC 8259 in one pass, building nothing but the outermost array's outline.
 * Never throws, whatever the text. UTF-8 inside strings is not looked at: `utf8FaultAt` does that.
 */
export function outline(text: string): Outline {
  return new Outliner(text).outline();
}

/** More than any message has. A frame of a million elements must not cost a million objects. */
const MAX_ELEMENTS = 16;
const FAILED = -1;
const NONE: readonly string[] = [];

class Outliner {
  readonly #text: string;
  readonly #names: NameStack;
  readonly #elements: Element[] = [];
  #fault: JsonFault | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#names = new NameStack(text);
  }

  outline(): Outline {
    const text = this.#text;
    const start = c.skipSpace(text, 0);
    const end = this.#value(start, 0);
    if (end !== FAILED) this.#expectEnd(c.skipSpace(text, end));
    const duplicateKeys = this.#names.duplicates ?? NONE;
    if (this.#fault) return { elements: this.#elements, fault: this.#fault, duplicateKeys };
    const root = { kind: kindAt(text, start), start, end };
    return { root, elements: this.#elements, duplicateKeys };
  }

  #expectEnd(at: number): void {
    if (at < this.#text.length) this.#fail(at);
  }

  /** @returns the offset behind the value, or FAILED with the fault kept; so do all the methods below */
  #value(at: number, depth: number): number {
    switch (at < this.#text.length ? this.#text.charCodeAt(at) : c.END) {
      case c.QUOTE:
        return this.#string(at);
      case c.OPEN_BRACE:
        return this.#object(at, depth);
      case c.OPEN_BRACKET:
        return this.#array(at, depth);
      case c.LOWER_T:
        return this.#literal(at, 'true');
      case c.LOWER_F:
        return this.#literal(at, 'false');
      case c.LOWER_N:
        return this.#literal(at, 'null');
      default:
        return this.#number(at);
    }
  }

  #object(open: number, depth: number): number {
    if (depth === MAX_DEPTH) return this.#fail(open, 'too-deep');
    const text = this.#text;
    const names = this.#names;
    let at = c.skipSpace(text, open + 1);
    if (this.#code(at) === c.CLOSE_BRACE) return at + 1;
    names.open();
    for (;;) {
      if (this.#code(at) !== c.QUOTE) return this.#fail(at);
      const behindName = this.#string(at);
      if (behindName === FAILED) return FAILED;
      names.name(depth, at + 1, behindName - 1);
      at = c.skipSpace(text, behindName);
      if (this.#code(at) !== c.COLON) return this.#fail(at);
      at = this.#value(c.skipSpace(text, at + 1), depth + 1);
      if (at === FAILED) return FAILED;
      at = c.skipSpace(text, at);
      const code = this.#code(at);
      if (code === c.CLOSE_BRACE) break;
      if (code !== c.COMMA) return this.#fail(at);
      at = c.skipSpace(text, at + 1);
    }
    names.close(depth);
    return at + 1;
  }

  #array(open: number, depth: number): number {
    if (depth === MAX_DEPTH) return this.#fail(open, 'too-deep');
    const text = this.#text;
    let at = c.skipSpace(text, open + 1);
    if (this.#code(at) === c.CLOSE_BRACKET) return at + 1;
    for (let index = 0; ; index++) {
      this.#names.index(depth, index);
      const start = at;
      const end = this.#value(start, depth + 1);
      if (end === FAILED) return FAILED;
      at = c.skipSpace(text, end);
      const code = this.#code(at);
      // A number at the very end of a text may be half of one.
      if (depth === 0 && index < MAX_ELEMENTS && code !== c.END) {
        this.#elements.push({ kind: kindAt(text, start), start, end });
      }
      if (code === c.CLOSE_BRACKET) return at + 1;
      if (code !== c.COMMA) return this.#fail(at);
      at = c.skipSpace(text, at + 1);
    }
  }

  #string(open: number): number {
    const text = this.#text;
    for (let i = open + 1; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === c.QUOTE) return i + 1;
      if (code === c.BACKSLASH) {
        i = this.#escape(i + 1);
        if (i === FAILED) return FAILED;
      } else if (code < c.SPACE) return this.#fail(i);
    }
    return this.#fail(text.length);
  }

  /** @returns the offset of the escape's last character */
  #escape(at: number): number {
    const code = this.#code(at);
    if (code === c.LOWER_U) {
      for (let i = at + 1; i <= at + 4; i++) if (!c.isHex(this.#code(i))) return this.#fail(i);
      return at + 4;
    }
    return code !== c.END && ESCAPES.includes(this.#text.charAt(at)) ? at : this.#fail(at);
  }

  #number(start: number): number {
    let at = start;
    if (this.#code(at) === c.MINUS) at++;
    if (this.#code(at) === c.ZERO) at++;
    else at = this.#digits(at);
    if (at !== FAILED && this.#code(at) === c.DOT) at = this.#digits(at + 1);
    if (at !== FAILED && (this.#code(at) | 0x20) === c.LOWER_E) at = this.#exponent(at + 1);
    return at;
  }

  #exponent(start: number): number {
    const sign = this.#code(start);
    return this.#digits(sign === c.PLUS || sign === c.MINUS ? start + 1 : start);
  }

  /** One digit or more. */
  #digits(start: number): number {
    let at = start;
    while (c.isDigit(this.#code(at))) at++;
    return at === start ? this.#fail(at) : at;
  }

  #literal(at: number, word: string): number {
    for (let i = 1; i < word.length; i++) {
      if (this.#code(at + i) !== word.charCodeAt(i)) return this.#fail(at + i);
    }
    return at + word.length;
  }

  #code(at: number): number {
    return at < this.#text.length ? this.#text.charCodeAt(at) : c.END;
  }

  #fail(at: number, reason?: 'too-deep'): typeof FAILED {
    const { length } = this.#text;
    this.#fault = { reason: reason ?? (at < length ? 'wrong' : 'truncated'), offset: Math.min(at, length) };
    return FAILED;
  }
}

const ESCAPES = '"\\/bfnrt';

/** What a value is, by its first character. Only for a value that was found whole. */
export function kindAt(text: string, start: number): JsonKind {
  switch (text.charCodeAt(start)) {
    case c.QUOTE:
      return 'string';
    case c.OPEN_BRACE:
      return 'object';
    case c.OPEN_BRACKET:
      return 'array';
    case c.LOWER_T:
      return 'true';
    case c.LOWER_F:
      return 'false';
    case c.LOWER_N:
      return 'null';
    default:
      return 'number';
  }
}
