/** Words are ours; this many at most, and of this form, so that no label ever holds what somebody sent. */
const MOST_WORDS = 40;
const WORD = /^[a-z][a-z0-9-]{0,39}$/;
const OTHER = 'other';

/** How often each of a few words was said: reasons, outcomes. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(word: string): void {
    const counted = this.#isCounted(word) ? word : OTHER;
    this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + 1);
  }

  entries(): readonly (readonly [word: string, count: number])[] {
    return [...this.#counts];
  }

  #isCounted(word: string): boolean {
    return this.#counts.has(word) || (this.#counts.size < MOST_WORDS && WORD.test(word));
  }
}
