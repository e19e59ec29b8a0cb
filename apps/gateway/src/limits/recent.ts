/** What an entry takes besides its name and its value: two places in a map, and the name's own head. */
const ENTRY_BYTES = 100;
/** So much is left when it was full: a map finds its first entry behind the places of all that went before, so one by one is slow. */
const LEFT = 7 / 8;

/** Remembers by name up to so many bytes; what was set longest ago is forgotten first. */
export class Recent<Value> {
  readonly #mostBytes: number;
  readonly #bytesOf: (value: Value) => number;
  /** The longest set first. */
  readonly #kept = new Map<string, Value>();
  #bytes = 0;

  /** @param bytesOf what a value takes in memory, roughly; a value that is set does not change */
  constructor(mostBytes: number, bytesOf: (value: Value) => number) {
    this.#mostBytes = mostBytes;
    this.#bytesOf = bytesOf;
  }

  get(name: string): Value | undefined {
    return this.#kept.get(name);
  }

  /** @returns what was forgotten, the longest set first */
  set(name: string, value: Value): readonly (readonly [name: string, value: Value])[] {
    this.take(name);
    this.#kept.set(name, value);
    this.#bytes += this.#takenBy(name, value);
    return this.#bytes <= this.#mostBytes ? [] : this.#forget();
  }

  /** It is not remembered here any longer. */
  take(name: string): Value | undefined {
    const value = this.#kept.get(name);
    if (value === undefined) return undefined;
    this.#kept.delete(name);
    this.#bytes -= this.#takenBy(name, value);
    return value;
  }

  #forget(): readonly (readonly [string, Value])[] {
    const forgotten: (readonly [string, Value])[] = [];
    for (const longest of this.#kept) {
      if (this.#bytes <= LEFT * this.#mostBytes) break;
      this.take(longest[0]);
      forgotten.push(longest);
    }
    return forgotten;
  }

  #takenBy(name: string, value: Value): number {
    return ENTRY_BYTES + name.length + this.#bytesOf(value);
  }
}
