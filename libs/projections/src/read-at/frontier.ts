/**
 * How far each partition was folded when a question was answered: the next offset of each, by partition
 * number; and how far decisions were copied, which are a topic of their own. An answer is a function of the
 * question and of this, so it is what `asOf` accepts back.
 */
export type Frontier = {
  readonly generation: number;
  readonly next: readonly number[];
  /** The first decision that was not known; absent where none was. */
  readonly decisions?: number;
};

const FORM = /^g(\d{1,5})((?:\.[0-9a-z]{1,11})+)(?:~([0-9a-z]{1,11}))?$/;

/** `g1.0.4f.…~5`: the generation, then each partition's next offset in base 36; behind `~` that of decisions. */
export function formatFrontier({ generation, next, decisions }: Frontier): string {
  const frames = [`g${generation}`, ...next.map((offset) => offset.toString(36))].join('.');
  return decisions === undefined ? frames : `${frames}~${decisions.toString(36)}`;
}

/** @returns undefined for what {@link formatFrontier} did not write */
export function parseFrontier(text: string): Frontier | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, generation, frames = '', decided] = match;
  const next = frames.split('.').slice(1).map(offsetOf);
  const decisions = decided === undefined ? {} : { decisions: offsetOf(decided) };
  const isOurs = [...next, ...Object.values(decisions)].every(Number.isSafeInteger);
  return isOurs ? { generation: Number(generation), next, ...decisions } : undefined;
}

const offsetOf = (digits: string) => Number.parseInt(digits, 36);

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

/** The condition on a row of `decisions` that it was known then. Bound by {@link decidedThen}. */
export const DECIDED_THEN = `(log_generation < {knownGeneration:UInt16} OR log_generation = {knownGeneration:UInt16}
    AND log_offset < {knownDecisions:UInt64})`;

export const decidedThen = ({ generation, decisions = 0 }: Frontier) => ({
  knownGeneration: generation,
  knownDecisions: decisions,
});

/** Whether the one frontier knows decisions that the other does not. */
export const knowsMoreDecisions = (frontier: Frontier, reached: Frontier): boolean =>
  frontier.generation >= reached.generation && (frontier.decisions ?? 0) > (reached.decisions ?? 0);

/** Partitions in which the one frontier stands beyond the other; all of them where its generation is newer. */
export function partitionsBeyond(frontier: Frontier, reached: Frontier): readonly number[] {
  if (frontier.generation < reached.generation) return [];
  const known = frontier.generation === reached.generation ? reached.next : [];
  return frontier.next.flatMap((next, partition) => (next > (known[partition] ?? 0) ? [partition] : []));
}
