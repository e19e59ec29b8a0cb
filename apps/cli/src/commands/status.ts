import { answerTo, type Endpoint } from '../asking/graphql-response.ts';
import { askPlatform, ASKED_OPTIONS } from '../asking/platform.ts';
import type { Command } from '../command.ts';
import { readCommandLine, UsageError } from '../options.ts';

type Progress = { readonly partition: number; readonly logEnd: string | null; readonly folded: string };
type Gap = { readonly kind: string; readonly from: string; readonly to: string; readonly reason: string };
type Entry = {
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
type Platform = {
  readonly generation: number;
  /** Null where the log cannot be asked. */
  readonly lag: string | null;
  readonly readAt: string;
  readonly partitions: readonly Progress[];
  readonly parked: readonly { readonly projection: string; readonly station: string }[];
};
type Period = { readonly from: string; readonly to: string };
type Status = Platform & { readonly period: Period | null; readonly completeness: readonly Entry[] };

const PLATFORM = `{
  platform { generation lag readAt partitions { partition logEnd folded } parked { projection station } }
}`;
/** A page of stations: the period of all is the longest of theirs. */
const SPAN = `query ($after: String) {
  stations(first: 500, after: $after) { nodes { firstSeen lastSeen } pageInfo { hasNextPage endCursor } }
}`;
const COMPLETENESS = `query ($station: [String!], $from: DateTime!, $to: DateTime!) {
  completeness(station: $station, from: $from, to: $to) {
    entries {
      station complete knownShare watchedSeconds unwatchedSeconds clockOffsetMicros clock { says at }
      gaps { kind from to reason }
    }
  }
}`;

/**
 * How far the tables are behind the log, and how whole the record is: from its first frame to its last, at most
 * ten years, or as asked.
 */
export const status: Command = async (args) => {
  const { options, positionals } = readCommandLine(args, {
    ...ASKED_OPTIONS,
    from: { type: 'string' },
    to: { type: 'string' },
    station: { type: 'string', multiple: true },
  });
  if (positionals.length > 0) throw new UsageError(`status takes no "${positionals[0] ?? ''}"`);
  const found = await askPlatform(options, (endpoint) => statusOf(endpoint, options));
  process.stdout.write(options.json === true ? `${JSON.stringify(found)}\n` : textOf(found));
  return 0;
};

type Asked = Partial<Period> & { readonly station?: string[] };

async function statusOf(endpoint: Endpoint, asked: Asked): Promise<Status> {
  const { platform } = await answerTo<{ platform: Platform }>(endpoint, PLATFORM);
  const span = await spanOf(endpoint);
  const from = asked.from ?? span?.from;
  const to = asked.to ?? span?.to;
  if (from === undefined || to === undefined) return { ...platform, period: null, completeness: [] };
  const period = { from, to };
  const { completeness } = await answerTo<{ completeness: { entries: readonly Entry[] } }>(
    endpoint,
    COMPLETENESS,
    { ...period, ...(asked.station && { station: asked.station }) },
  );
  return { ...platform, period, completeness: completeness.entries };
}

type Span = { readonly firstSeen: string; readonly lastSeen: string | null };
type Page = {
  readonly stations: {
    readonly nodes: readonly Span[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
};

/** From the first that was seen of any station to the last; undefined where none was. */
async function spanOf(endpoint: Endpoint): Promise<Period | undefined> {
  const firsts: string[] = [];
  const lasts: string[] = [];
  let after: string | null = null;
  do {
    const { stations }: Page = await answerTo<Page>(endpoint, SPAN, { after });
    for (const { firstSeen, lastSeen } of stations.nodes) {
      firsts.push(firstSeen);
      lasts.push(lastSeen ?? firstSeen);
    }
    after = stations.pageInfo.hasNextPage ? stations.pageInfo.endCursor : null;
  } while (after !== null);
  const [from] = firsts.sort();
  const to = lasts.sort().at(-1);
  return from === undefined || to === undefined ? undefined : { from: notBefore(from, to), to };
}

/** The longest period that is judged at once. A recording from a clock that was never set reaches further back. */
const MOST_YEARS = 10;

function notBefore(from: string, to: string): string {
  const earliest = `${String(Number(to.slice(0, 4)) - MOST_YEARS + 1).padStart(4, '0')}-01-01T00:00:00Z`;
  return from < earliest ? earliest : from;
}

function textOf({ lag, partitions, parked, period, completeness }: Status): string {
  const lines = [
    behindLog(lag, partitions),
    ...parked.map(({ projection, station }) => `  parked: ${projection} of ${station}`),
    period === null ? 'Nothing is recorded yet.' : `Record from ${period.from} to ${period.to}:`,
    ...completeness.flatMap(entryLines),
  ];
  return `${lines.join('\n')}\n`;
}

function behindLog(lag: Platform['lag'], partitions: Platform['partitions']): string {
  if (lag === null) return 'How far the tables are behind the log is not known: it does not answer.';
  const behind = partitions.filter(({ logEnd, folded }) => logEnd !== null && logEnd !== folded).length;
  const where = behind === 0 ? '' : `, in ${behind} of its ${partitions.length} partitions`;
  return `Tables are ${lag} records behind the log${where}.`;
}

function entryLines({ station, complete, gaps, ...entry }: Entry): readonly string[] {
  const { knownShare, watchedSeconds, unwatchedSeconds, clock } = entry;
  const whole = complete ? 'complete' : `not complete, ${knownShare} of it known`;
  return [
    `  ${station}  ${whole}, watched ${watchedSeconds} s, unwatched ${unwatchedSeconds} s`,
    `    gateway's clock: ${clock.says}${clock.at === null ? '' : `, at ${clock.at}`}`,
    ...gaps.map(({ kind, from, to, reason }) => `    ${kind}  ${from} to ${to}: ${reason}`),
  ];
}
