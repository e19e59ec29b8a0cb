import * as c from './characters.ts';
import { kindAt } from './outline.ts';
import { decodeString } from './strings.ts';

/** JSON as read: a number keeps the text it was written in, so that 2^63-1 stays itself. */
export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | JsonObject;
export type JsonNumber = { readonly source: string };
/** Of duplicate names the last one counts, as in most peers; the outline tells of the others. */
export type JsonObject = ReadonlyMap<string, JsonValue>;

/** Reads the value that starts at an offset of a latin1 text which {@link outline} found to be JSON there. */
export function readValue(text: string, start: number): JsonValue {
  return new Reader(text, start).value();
}

/** Reads JSON whose form was checked, so it checks nothing again. */
class Reader {
  readonly #text: string;
  #at: number;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#at = start;
  }

  value(): JsonValue {
    switch (kindAt(this.#text, this.#at)) {
      case 'string':
        return this.#string();
      case 'object':
        return this.#object();
      case 'array':
        return this.#array();
      case 'number':
        return { source: this.#number() };
      case 'true':
        this.#at += 4;
        return true;
      case 'false':
        this.#at += 5;
        return false;
      case 'null':
        this.#at += 4;
        return null;
    }
  }

  #object(): JsonObject {
    const members = new Map<string, JsonValue>();
    while (this.#next() !== c.CLOSE_BRACE) {
      const name = this.#string();
      this.#next();
      members.set(name, this.value());
    }
    return members;
  }

  #array(): JsonValue[] {
    const items: JsonValue[] = [];
    while (this.#next() !== c.CLOSE_BRACKET) items.push(this.value());
    return items;
  }

  /**
   * Steps over one bracket, comma or colon and to what follows. A closing bracket is stepped over too.
   * @returns what follows
   */
  #next(): number {
    const text = this.#text;
    let at = c.skipSpace(text, this.#at);
    const passed = text.charCodeAt(at);
    if (passed === c.CLOSE_BRACE || passed === c.CLOSE_BRACKET) {
      this.#at = at + 1;
      return passed;
    }
    at = c.skipSpace(text, at + 1);
    const code = text.charCodeAt(at);
    // An empty object or array closes right behind its opening bracket.
    this.#at = code === c.CLOSE_BRACE || code === c.CLOSE_BRACKET ? at + 1 : at;
    return code;
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at + 1;
    let bits = 0;
    let end = start;
    for (;;) {
      const code = text.charCodeAt(end);
      if (code === c.QUOTE) break;
      bits |= code;
      end++;
      if (code === c.BACKSLASH) {
        bits |= SPECIAL;
        end++;
      }
    }
    this.#at = end + 1;
    return bits < SPECIAL ? text.slice(start, end) : decodeString(text, start, end);
  }

  #number(): string {
    const start = this.#at;
    this.#at = numberEnd(this.#text, start);
    return this.#text.slice(start, this.#at);
  }
}

/** Above ASCII: a string with a byte or an escape there is not its own source. */
const SPECIAL = 0x80;

/** The closing quote's offset. @param start the first character behind the opening quote */
export function stringEnd(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === c.QUOTE) return at;
    at += code === c.BACKSLASH ? 2 : 1;
  }
}

/** The offset behind a number's last character. */
export function numberEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && isNumberCode(text.charCodeAt(at))) at++;
  return at;
}

function isNumberCode(code: number): boolean {
  return (
    c.isDigit(code) || code === c.DOT || code === c.MINUS || code === c.PLUS || (code | 0x20) === c.LOWER_E
  );
}
