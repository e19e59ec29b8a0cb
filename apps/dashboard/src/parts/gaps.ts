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
  const unheard = gaps.filter(({ kind }) => UNHEARD.has(kind));
  const before = unheard.filter((gap) => isBefore(gap, asked, firstSeen));
  const awaited = asked.moves ? unheard.filter((gap) => isAwaited(gap, asked, firstSeen)) : [];
  const holes = gaps.filter((gap) => !before.includes(gap) && !awaited.includes(gap));
  const [since, until] = [before.at(-1)?.to, awaited[0]?.from];
  return {
    holes,
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until: isSame(until, asked.from) ? firstSeen : until }),
  };
}

const isSame = (one: string, other: string) => Date.parse(one) === Date.parse(other);

/** From the period's beginning until before the station was first seen. */
const isBefore = ({ from, to }: Gap, asked: Asked, firstSeen: string) =>
  isSame(from, asked.from) && !isSame(to, asked.to) && Date.parse(to) <= Date.parse(firstSeen);

/**
 * Up to the period's end, and not for longer than ticks take: since a recorder's last one, or, where it has not ticked
 * yet, since a station has come.
 */
function isAwaited({ from, to }: Gap, asked: Asked, firstSeen: string): boolean {
  const since = Date.parse(isSame(from, asked.from) ? firstSeen : from);
  const end = Date.parse(to);
  return isSame(to, asked.to) && since <= end && end - since <= NEXT_WORD;
}

export const gapsText = ({ length }: readonly unknown[]): string =>
  length === 1 ? '1 gap' : `${length} gaps`;
