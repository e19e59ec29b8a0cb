import { hash } from 'node:crypto';

/** Three words of 30 bits or more tell ids apart: by chance two of a billion meet once in 10^9 folders. */
const WORDS = 3;
const FIRST_SLOTS = 1 << 12;
const IMPORT_ID = /^import-[a-z2-7]{26}$/;
const PREFIX_LENGTH = 'import-'.length;
const CHARACTERS_A_WORD = 6;

/**
 * A set of record ids in about 20 bytes each: a folder may hold many millions. It keeps 90 bits or more of a
 * hash that nobody chooses, not the ids.
 */
export class RecordIds {
  #slots = new Uint32Array(FIRST_SLOTS * WORDS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(id: string): boolean {
    const words = wordsOf(id);
    return this.#slots[this.#find(words)] !== 0;
  }

  /** @returns whether it was not there before */
  add(id: string): boolean {
    const words = wordsOf(id);
    const at = this.#find(words);
    if (this.#slots[at] !== 0) return false;
    this.#slots.set(words, at);
    this.#size += 1;
    // Two thirds full.
    if (this.#size * 3 * WORDS > this.#slots.length * 2) this.#grow();
    return true;
  }

  /** Where the words stand, or the first free place for them. */
  #find([first, second, third]: Words): number {
    const slots = this.#slots;
    const count = slots.length / WORDS;
    for (let slot = first & (count - 1); ; slot = (slot + 1) & (count - 1)) {
      const at = slot * WORDS;
      if (slots[at] === 0) return at;
      if (slots[at] === first && slots[at + 1] === second && slots[at + 2] === third) return at;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += WORDS) {
      const first = old[at] ?? 0;
      if (first === 0) continue;
      const words: Words = [first, old[at + 1] ?? 0, old[at + 2] ?? 0];
      this.#slots.set(words, this.#find(words));
    }
  }
}

/** The first is never 0, which marks a free slot. */
type Words = readonly [number, number, number];

/** An import's id is a hash already; any other is hashed here. */
function wordsOf(id: string): Words {
  if (IMPORT_ID.test(id)) return [word(id, 0) || 1, word(id, 1), word(id, 2)];
  const bytes = hash('sha256', id, 'buffer');
  return [bytes.readUInt32LE(0) || 1, bytes.readUInt32LE(4), bytes.readUInt32LE(8)];
}

function word(id: string, index: number): number {
  let bits = 0;
  const start = PREFIX_LENGTH + index * CHARACTERS_A_WORD;
  for (let at = start; at < start + CHARACTERS_A_WORD; at++) bits = (bits << 5) | base32(id.charCodeAt(at));
  return bits;
}

const base32 = (code: number) => (code >= 0x61 ? code - 0x61 : code - 0x32 + 26);

/** Tells equal frames of one file apart: by their ordinals, from 0. */
export class Ordinals {
  readonly #seen = new RecordIds();
  readonly #repeated = new Map<string, number>();

  /** @param firstId the id that the frame has as the first of its equals */
  next(firstId: string): number {
    if (this.#seen.add(firstId)) return 0;
    const ordinal = (this.#repeated.get(firstId) ?? 0) + 1;
    this.#repeated.set(firstId, ordinal);
    return ordinal;
  }
}
