/** Of a list that is told in parts, 1 to `parts`; of one that is not, absent. */
export type Part = {
  readonly decision: string;
  readonly part?: number;
  readonly parts?: number;
};

/** So many tags one part has, and a decision that is no part: some 80 KB sealed, and a request stays below what the API reads. */
export const MOST_TAGS = 250;
/** So many parts a list may have. */
export const MOST_PARTS = 1000;

/** Lists of which some parts are there. In which order they come says nothing. */
export class PartedLists<Content> {
  readonly #begun = new Map<string, Map<number, Content>>();

  /** @returns the whole list by its parts, where this one completes it */
  add({ decision, part = 1, parts = 1 }: Part, content: Content): readonly Content[] | undefined {
    if (!isWithin(parts, MOST_PARTS) || !isWithin(part, parts)) return undefined;
    if (parts === 1) return [content];
    const list = `${parts} ${decision}`;
    const there = this.put(list, part, content);
    if (there.size < parts) return undefined;
    this.#begun.delete(list);
    return [...there].toSorted(([a], [b]) => a - b).map(([, each]) => each);
  }

  /** All that wait for the rest of their lists. */
  begun(): readonly (readonly [list: string, part: number, content: Content])[] {
    return [...this.#begun].flatMap(([list, there]) =>
      [...there].map(([part, content]) => [list, part, content] as const),
    );
  }

  /** As it was among the {@link begun}. @returns what is there of its list */
  put(list: string, part: number, content: Content): ReadonlyMap<number, Content> {
    const there = this.#begun.get(list) ?? new Map<number, Content>();
    this.#begun.set(list, there.set(part, content));
    return there;
  }
}

const isWithin = (number: number, most: number) => Number.isInteger(number) && number >= 1 && number <= most;
