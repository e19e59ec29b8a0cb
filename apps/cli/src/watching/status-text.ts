export type Progress = {
  readonly partition: number;
  readonly logEnd: string | null;
  readonly folded: string;
};
export type Gap = {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
};
export type Entry = {
  readonly station: string;
  readonly complete: boolean;
  /** From 0 to 1. */
  readonly knownShare: string;
  readonly watchedSeconds: string;
  readonly unwatchedSeconds: string;
  /** Microseconds; null: unknown. */
  readonly clockOffsetMicros: string | null;
  readonly clock: { readonly says: string; readonly at: string | null };
  readonly gaps: readonly Gap[];
};
export type Platform = {
  readonly generation: number;
  /** Null where the log cannot be asked. */
  readonly lag: string | null;
  readonly readAt: string;
  readonly partitions: readonly Progress[];
  readonly parked: readonly { readonly projection: string; readonly station: string }[];
};
export type Period = { readonly from: string; readonly to: string };
export type Status = Platform & { readonly period: Period | null; readonly completeness: readonly Entry[] };

/** @param now epoch ms of who reads it, where the period ends with the last frame; undefined where its end was named */
export function statusText({ lag, partitions, parked, period, completeness }: Status, now?: number): string {
  const lines = [
    behindLog(lag, partitions),
    ...parked.map(({ projection, station }) => `  parked: ${projection} of ${station}`),
    period === null ? 'Nothing is recorded yet.' : `Record from ${period.from} to ${period.to}:`,
    ...completeness.flatMap((entry) => entryLines(entry, awaitedOf(entry.gaps, period?.to, now))),
  ];
  return `${lines.join('\n')}\n`;
}

function behindLog(lag: Platform['lag'], partitions: Platform['partitions']): string {
  if (lag === null) return 'How far the tables are behind the log is not known: it does not answer.';
  const behind = partitions.filter(({ logEnd, folded }) => logEnd !== null && logEnd !== folded).length;
  const where = behind === 0 ? '' : `, in ${behind} of its ${partitions.length} partitions`;
  return `Tables are ${lag} records behind the log${where}.`;
}

/** Nobody watched, or one of several gateways has not told that it did. */
const UNHEARD: ReadonlySet<string> = new Set(['unwatched', 'silent-gateway']);
/** Milliseconds: two ticks of a recorder that has the default, a minute, and time to fold them. */
const NEXT_WORD = 150_000;

/** A gap up to the period's end that the next tick of a recorder closes, if one runs: nothing went wrong yet. */
function awaitedOf(gaps: readonly Gap[], end: string | undefined, now: number | undefined): Gap | undefined {
  if (now === undefined) return undefined;
  return gaps.find(
    ({ kind, from, to }) => UNHEARD.has(kind) && to === end && now - Date.parse(from) <= NEXT_WORD,
  );
}

function entryLines(entry: Entry, awaited: Gap | undefined): readonly string[] {
  const { station, watchedSeconds, unwatchedSeconds, clock } = entry;
  return [
    `  ${station}  ${wholeness(entry, awaited)}, watched ${watchedSeconds} s, unwatched ${unwatchedSeconds} s`,
    `    gateway's clock: ${clock.says}${clock.at === null ? '' : `, at ${clock.at}`}`,
    ...entry.gaps.map((gap) =>
      gap === awaited
        ? `    to be confirmed  since ${gap.from}: a recorder that runs says with its next tick that it watched`
        : `    ${gap.kind}  ${gap.from} to ${gap.to}: ${gap.reason}`,
    ),
  ];
}

function wholeness({ complete, gaps, knownShare, watchedSeconds }: Entry, awaited: Gap | undefined): string {
  if (complete) return 'complete';
  if (awaited === undefined || gaps.some((gap) => gap !== awaited))
    return `not complete, ${knownShare} of it known`;
  return Number(watchedSeconds) === 0 ? 'not confirmed yet' : `complete up to ${awaited.from}`;
}
