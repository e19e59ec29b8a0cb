/**
 * How far each partition was folded when a question was answered: the next offset of each, by partition
 * number. An answer is a function of the question and of this, so it is what `asOf` accepts back.
 */
export type Frontier = { readonly generation: number; readonly next: readonly number[] };

const FORM = /^g(\d{1,5})(?:\.[0-9a-z]{1,11})+$/;

/** `g1.0.4f.…`: the generation, then each partition's next offset in base 36. */
export function formatFrontier({ generation, next }: Frontier): string {
  return [`g${generation}`, ...next.map((offset) => offset.toString(36))].join('.');
}

/** @returns undefined for what {@link formatFrontier} did not write */
export function parseFrontier(text: string): Frontier | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const next = text
    .split('.')
    .slice(1)
    .map((digits) => Number.parseInt(digits, 36));
  return next.every(Number.isSafeInteger) ? { generation: Number(match[1]), next } : undefined;
}

/**
 * The condition on a row of `records` or of a history that it was known then. A generation is folded after
 * the one before it, so all of an older one was known. Bound by {@link knownThen}.
 */
export const KNOWN_THEN = `(log_generation < {knownGeneration:UInt16} OR log_generation = {knownGeneration:UInt16}
    AND log_offset < arrayElement({knownNext:Array(UInt64)}, log_partition + 1))`;

export const knownThen = ({ generation, next }: Frontier) => ({
  knownGeneration: generation,
  knownNext: next,
});

/** Partitions in which the one frontier stands beyond the other; all of them where its generation is newer. */
export function partitionsBeyond(frontier: Frontier, reached: Frontier): readonly number[] {
  if (frontier.generation < reached.generation) return [];
  const known = frontier.generation === reached.generation ? reached.next : [];
  return frontier.next.flatMap((next, partition) => (next > (known[partition] ?? 0) ? [partition] : []));
}
