import { decodeString } from './strings.ts';

/** Beyond this many names a set finds duplicates faster than comparing each with each. */
const FEW = 12;
const MAX_DUPLICATES = 64;
/**
 * How often a pointer is made to see whether it is a new one. Objects in members of one name have one
 * pointer, which may be as long as the text: a text of such objects must not take the square of its length.
 */
const MAX_POINTERS = 256;
/** Characters of a name in a pointer: beyond any real name, and 64 pointers stay small whatever a peer sends. */
const MAX_NAME = 256;

/**
 * The names of the objects that are open at one place of a text, and the path to it. Finds names that one
 * object holds twice, by their decoded spelling: `idTag` and `\u0069dTag` are one name.
 */
export class NameStack {
  readonly #text: string;
  /** Start and end of every name of every open object, outermost first. */
  readonly #places: number[] = [];
  /** Where each open object's names begin in `#places`. */
  readonly #bases: number[] = [];
  /** Of each depth two numbers: the current name's start and end, or -1 and the current index. */
  readonly #path: number[] = [];
  readonly #escaped: boolean;
  /** Names that the object being closed was found to hold twice. */
  #twice: string[] = [];
  #pointers = 0;
  /** JSON pointers; undefined where none was found. */
  duplicates: string[] | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#escaped = text.includes('\\');
  }

  open(): void {
    this.#bases.push(this.#places.length);
  }

  name(depth: number, start: number, end: number): void {
    this.#places.push(start, end);
    this.#path[2 * depth] = start;
    this.#path[2 * depth + 1] = end;
  }

  index(depth: number, index: number): void {
    this.#path[2 * depth] = -1;
    this.#path[2 * depth + 1] = index;
  }

  close(depth: number): void {
    const base = this.#bases.pop() ?? 0;
    const names = (this.#places.length - base) / 2;
    if (names > 1 && this.#pointers < MAX_POINTERS) {
      if (names <= FEW && !this.#escaped) this.#comparePairs(base, depth);
      else this.#compareDecoded(base, depth);
      if (this.#twice.length > 0) this.#twice = [];
    }
    this.#places.length = base;
  }

  #comparePairs(base: number, depth: number): void {
    const places = this.#places;
    for (let i = base + 2; i < places.length; i += 2) {
      for (let j = base; j < i; j += 2) {
        if (this.#same(places[i] ?? 0, places[i + 1] ?? 0, places[j] ?? 0, places[j + 1] ?? 0)) {
          this.#found(depth, this.#decoded(i));
        }
      }
    }
  }

  #same(start: number, end: number, otherStart: number, otherEnd: number): boolean {
    if (end - start !== otherEnd - otherStart) return false;
    const text = this.#text;
    for (let i = start, j = otherStart; i < end; i++, j++) {
      if (text.charCodeAt(i) !== text.charCodeAt(j)) return false;
    }
    return true;
  }

  #compareDecoded(base: number, depth: number): void {
    const seen = new Set<string>();
    for (let i = base; i < this.#places.length; i += 2) {
      const name = this.#decoded(i);
      if (seen.has(name)) this.#found(depth, name);
      seen.add(name);
    }
  }

  #decoded(place: number): string {
    return decodeString(this.#text, this.#places[place] ?? 0, this.#places[place + 1] ?? 0);
  }

  /** A name, of a long one as much as a pointer holds. What an escape says is a sixth of it at least. */
  #beginning(start: number, end: number): string {
    return decodeString(this.#text, start, Math.min(end, start + 6 * (MAX_NAME + 2)));
  }

  #found(depth: number, name: string): void {
    if (this.#pointers === MAX_POINTERS || this.#twice.includes(name)) return;
    this.#twice.push(name);
    this.#pointers += 1;
    const pointer = `${this.#pointer(depth)}/${escapePointer(name)}`;
    this.duplicates ??= [];
    if (this.duplicates.includes(pointer)) return;
    this.duplicates.push(pointer);
    if (this.duplicates.length === MAX_DUPLICATES) this.#pointers = MAX_POINTERS;
  }

  #pointer(depth: number): string {
    let pointer = '';
    for (let i = 0; i < depth; i++) {
      const start = this.#path[2 * i] ?? 0;
      const end = this.#path[2 * i + 1] ?? 0;
      pointer += start < 0 ? `/${end}` : `/${escapePointer(this.#beginning(start, end))}`;
    }
    return pointer;
  }
}

/** RFC 6901, 3. */
function escapePointer(name: string): string {
  const bounded = name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name;
  return bounded.replaceAll('~', '~0').replaceAll('/', '~1');
}
