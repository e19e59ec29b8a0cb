/** What becomes of one block of a page. */
export type Step =
  /** It ends, with 0, and this is in what it prints. */
  | { readonly prints: readonly RegExp[] }
  /** As `prints`, if not at once: a question, asked again while the tables are a moment behind. */
  | { readonly shows: readonly RegExp[] }
  | {
      /** It goes on until the next such block, or the page's end; it is up when it says so. */
      readonly stays: RegExp;
      readonly then?: (said: RegExpExecArray) => Promise<void>;
    }
  /** Another test does it: a file of the checkout, and words that stand in it. */
  | { readonly triedBy: string; readonly words: string }
  /** Nobody can do it here, and why. */
  | { readonly untried: string };

/** How a person goes through a page. A block that it does not name runs to its end, and ends with 0. */
export type Script = {
  /** By how the block begins. */
  readonly steps: Readonly<Record<string, Step>>;
  /** What a reader has of their own in place of what the page says. */
  readonly own?: Readonly<Record<string, string>>;
  readonly close?: () => Promise<void>;
};
