import { formatMicros } from '@chargeproof/record';
import { answerTo, type Endpoint } from '../asking/graphql-response.ts';
import { askPlatform, ASKED_OPTIONS } from '../asking/platform.ts';
import type { Command } from '../command.ts';
import { readCommandLine, UsageError } from '../options.ts';
import { timeIn } from '../times.ts';
import { type Entry, type Period, type Platform, type Status, statusText } from '../watching/status-text.ts';

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
  const { station = [], from, to } = options;
  const asked: Asked = { station, from: timeGiven('from', from), to: timeGiven('to', to) };
  const found = await askPlatform(options, (endpoint) => statusOf(endpoint, asked));
  const now = to === undefined ? Date.now() : undefined;
  process.stdout.write(options.json === true ? `${JSON.stringify(found)}\n` : statusText(found, now));
  const unknown = station.filter((name) => !found.completeness.some((entry) => entry.station === name));
  for (const name of unknown) process.stderr.write(`${name}: nothing is recorded of it in that period\n`);
  return unknown.length === 0 ? 0 : 1;
};

const timeGiven = (option: string, written: string | undefined) =>
  written === undefined ? undefined : formatMicros(timeIn(option, written));

type Asked = {
  /** None: all. */
  readonly station: readonly string[];
  readonly from: string | undefined;
  readonly to: string | undefined;
};

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
    { ...period, ...(asked.station.length > 0 && { station: asked.station }) },
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
