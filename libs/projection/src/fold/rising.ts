/** A pair in the longest chain that ends with it. */
type Link = { readonly from: number; readonly to: number; readonly before: Link | undefined };

/**
 * The most pairs that rise on both sides (Hunt and Szymanski, 1977): of the n-th entry with one of the
 * numbers it may be paired with. Each number is paired once.
 *
 * @param choices for each entry its numbers, ascending
 * @returns entry → number
 */
export function longestRising(choices: readonly (readonly number[])[]): ReadonlyMap<number, number> {
  /** The n-th is the last link of the chain of n + 1 pairs that ends lowest. */
  const chains: Link[] = [];
  for (const [from, numbers] of choices.entries()) {
    // The highest first, so that no entry follows itself.
    for (const to of numbers.toReversed()) {
      const length = firstNotBelow(chains, to);
      chains[length] = { from, to, before: chains[length - 1] };
    }
  }
  const pairs = new Map<number, number>();
  for (let link = chains.at(-1); link !== undefined; link = link.before) pairs.set(link.from, link.to);
  return pairs;
}

function firstNotBelow(chains: readonly Link[], to: number): number {
  let [low, high] = [0, chains.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((chains[middle]?.to ?? Infinity) < to) low = middle + 1;
    else high = middle;
  }
  return low;
}
