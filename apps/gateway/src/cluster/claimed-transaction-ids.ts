import { BLOCK } from '../central-system/transaction-id-file.ts';
import type { TransactionIds } from '../central-system/central-system.ts';
import { readIfThere, writeDurably } from '../durable-file.ts';
import { UnusableSetting } from '../settings.ts';
import { CLAIM, type IdRange, type TransactionIdClaims } from './transaction-id-claims.ts';

export type ClaimedOptions = {
  readonly file: string;
  readonly claims: Pick<TransactionIdClaims, 'claim'>;
  /** No ids could be claimed or reserved: starts stay unanswered once those that are left are given. */
  readonly onFailure: (error: Error) => void;
};

/** With fewer left than this more are claimed, long before they are needed. */
const FEW = CLAIM / 2;

/**
 * Transaction ids of a gateway that shares its log with others: out of ranges that it has claimed there for its own
 * folder. The file keeps what of them is not reserved; blocks are reserved as they are in a folder of one's own.
 */
export class ClaimedTransactionIds implements TransactionIds {
  readonly #options: ClaimedOptions;
  #ranges: readonly IdRange[];
  #next = 0;
  #end = 0;
  #claiming: Promise<void> | undefined;

  /** @throws UnusableSetting in one line, where the file is damaged */
  constructor(options: ClaimedOptions) {
    this.#options = options;
    this.#ranges = readRanges(options.file);
  }

  /** Resolves when there are ids, or none could be claimed, which is told. */
  async ready(): Promise<void> {
    if (leftOf(this.#ranges) < FEW) await this.#claim();
  }

  take(): number | undefined {
    if (this.#next === this.#end && !this.#reserve()) return undefined;
    return this.#next++;
  }

  #reserve(): boolean {
    const [first, ...others] = this.#ranges;
    if (leftOf(this.#ranges) < FEW + BLOCK) void this.#claim();
    if (first === undefined) return false;
    const end = Math.min(first.from + BLOCK, first.before);
    const rest = end < first.before ? [{ from: end, before: first.before }] : [];
    if (!this.#keep([...rest, ...others])) return false;
    this.#next = first.from;
    this.#end = end;
    return true;
  }

  #claim(): Promise<void> {
    this.#claiming ??= this.#options.claims
      .claim()
      .then((range) => {
        this.#keep([...this.#ranges, range]);
      }, this.#failed)
      .finally(() => {
        this.#claiming = undefined;
      });
    return this.#claiming;
  }

  #keep(ranges: readonly IdRange[]): boolean {
    try {
      const written = ranges.map(({ from, before }) => [from, before]);
      writeDurably(this.#options.file, `${JSON.stringify({ claimed: written })}\n`);
    } catch (error) {
      this.#failed(error);
      return false;
    }
    this.#ranges = ranges;
    return true;
  }

  readonly #failed = (error: unknown): void => {
    const why = error instanceof Error ? error.message : String(error);
    this.#options.onFailure(new Error(`transaction ids cannot be had: ${why}`, { cause: error }));
  };
}

const leftOf = (ranges: readonly IdRange[]) =>
  ranges.reduce((sum, { from, before }) => sum + before - from, 0);

const FORM = /^\{"claimed":\[((?:\[\d{1,10},\d{1,10}\],?)*)\]\}\n$/;

function readRanges(file: string): readonly IdRange[] {
  const text = readIfThere(file);
  if (text === undefined) return [];
  if (!FORM.test(text)) throw new UnusableSetting(`${file} is damaged: remove it, and others are claimed`);
  const { claimed } = JSON.parse(text) as { readonly claimed: readonly (readonly [number, number])[] };
  return claimed.map(([from, before]) => ({ from, before }));
}
