import type { LogReader, Offsets, Topic } from '@chargeproof/log';

/** Read models that stand behind what others were folded to in these tables: new ones, or new versions, of a later release. */
export type CatchingUp = {
  /** `<name>@<version>`. */
  readonly projections: readonly string[];
  /** Of the log, that are folded again for them; what the others say of these stands. */
  readonly records: number;
};

type Reached = { readonly projection: string; readonly reached: Offsets };

/**
 * @param copied how far records are in their table: the furthest that anything was folded
 * @returns undefined where all stand there
 */
export async function catchingUp(
  log: Pick<LogReader, 'recordsFrom'>,
  topic: Topic,
  copied: Offsets,
  all: readonly Reached[],
): Promise<CatchingUp | undefined> {
  const isBehind = ({ reached }: Reached) =>
    [...copied].some(([partition, next]) => (reached.get(partition) ?? 0) < next);
  const behind = all.filter(isBehind);
  if (behind.length === 0) return undefined;
  const from = new Map(
    [...copied.keys()].map((partition) => [
      partition,
      Math.min(...behind.map(({ reached }) => reached.get(partition) ?? 0)),
    ]),
  );
  const [missing, beyond] = [await log.recordsFrom(topic, from), await log.recordsFrom(topic, copied)];
  return { projections: behind.map(({ projection }) => projection), records: missing - beyond };
}

/** For whoever runs it, in one line. */
export const catchUpLine = ({ projections, records }: CatchingUp): string =>
  `${projections.join(', ')}: new in these tables, folded from the log's beginning (${records} records); until then answers stand where that stands`;
