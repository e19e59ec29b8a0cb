type Gap = { readonly kind: string; readonly from: string; readonly to: string };
type Asked = { readonly from: string; readonly to: string; readonly moves: boolean };

/** What of a period a record tells. Neither of the two ends is anything that went wrong. */
export type Told<Missing extends Gap> = {
  /** What is missing in it. */
  readonly holes: readonly Missing[];
  /** Where watching began, if that is within the period and before the station was first seen. */
  readonly since?: string;
  /** Up to where the recorder has said that it watched, if what is missing is only its next word. */
  readonly until?: string;
};

/** Nobody watched, or one of several gateways has not told that it did. */
const UNHEARD: ReadonlySet<string> = new Set(['unwatched', 'silent-gateway']);

/** Milliseconds: two ticks of a recorder that has the default, a minute, and time to fold them. */
export const NEXT_WORD = 150_000;

/**
 * Takes the ends of the period from the gaps: before a station's first frame nobody had to watch, and up to now no
 * recorder has said yet that it does.
 */
export function toldBy<Missing extends Gap>(
  gaps: readonly Missing[],
  asked: Asked,
  firstSeen: string,
): Told<Missing> {
  const [begin, end] = [Date.parse(asked.from), Date.parse(asked.to)];
  const holes: Missing[] = [];
  let since: string | undefined;
  let until: string | undefined;
  for (const gap of gaps) {
    const [from, to] = [Date.parse(gap.from), Date.parse(gap.to)];
    const isEnd = UNHEARD.has(gap.kind) && (from === begin) !== (to === end);
    if (isEnd && from === begin && to <= Date.parse(firstSeen)) since = gap.to;
    else if (isEnd && to === end && asked.moves && to - from <= NEXT_WORD) until = first(until, gap.from);
    else holes.push(gap);
  }
  return { holes, ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
}

/** They come in order of their beginnings. */
const first = (told: string | undefined, next: string): string => told ?? next;

export const gapsText = ({ length }: readonly unknown[]): string =>
  length === 1 ? '1 gap' : `${length} gaps`;
