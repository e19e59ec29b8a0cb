import type { Micros } from '@chargeproof/record';

/** Two clocks that tell of one event agree this far once their offset is known: whole seconds, and a log that was written a moment later. */
export const TOLERANCE: Micros = 2_000_000;

/** A recording's clock is wrong by its zone and a drift at most, or nothing is aligned with it. */
export const LARGEST_OFFSET: Micros = 15 * 3_600_000_000;

/** So many different frames must agree on an offset, if it is not that both clocks are right. */
export const ENOUGH = 3;

/** One way in which a frame of a recording may be a live one: what they say, and how far the clocks are apart. */
export type Difference = { readonly content: string; readonly offset: Micros };

type Group = { readonly contents: number; readonly offset: Micros };

/**
 * How far a recording's clock is ahead of ours: the offset that most of the different contents agree on, the
 * smaller one where two have as many. One content is enough to say that both clocks are right, for it was
 * seen at the same moment by both; any other offset takes {@link ENOUGH}. Undefined: not known.
 */
export function clockOffset(differences: readonly Difference[]): Micros | undefined {
  const sorted = differences
    .filter(({ offset }) => Math.abs(offset) <= LARGEST_OFFSET)
    .sort((a, b) => a.offset - b.offset);
  let best: Group | undefined;
  for (const group of groups(sorted)) if (isBetter(group, best)) best = group;
  return best?.offset;
}

/** For each difference the group of those that agree with it and are not below it. */
function* groups(sorted: readonly Difference[]): Iterable<Group> {
  const contents = new Counts();
  let end = 0;
  for (const [start, first] of sorted.entries()) {
    for (let next = sorted[end]; next && next.offset - first.offset <= 2 * TOLERANCE; next = sorted[++end])
      contents.add(next.content);
    const middle = sorted[(start + end - 1) >> 1] ?? first;
    yield { contents: contents.size, offset: middle.offset };
    contents.remove(first.content);
  }
}

/** How many different contents there are among those added and not removed. */
class Counts {
  readonly #counts = new Map<string, number>();

  get size(): number {
    return this.#counts.size;
  }

  add(content: string): void {
    this.#counts.set(content, (this.#counts.get(content) ?? 0) + 1);
  }

  remove(content: string): void {
    const left = (this.#counts.get(content) ?? 0) - 1;
    if (left > 0) this.#counts.set(content, left);
    else this.#counts.delete(content);
  }
}

function isBetter(group: Group, best: Group | undefined): boolean {
  if (Math.abs(group.offset) > TOLERANCE && group.contents < ENOUGH) return false;
  if (best === undefined) return true;
  if (group.contents !== best.contents) return group.contents > best.contents;
  return Math.abs(group.offset) < Math.abs(best.offset);
}
