import type { Platform } from '../platform.ts';
import type { Story } from '../telling/story.ts';

/** So long a story lasts at most, seconds. */
const STORY = 7200;

export type Transaction = {
  readonly id: string;
  readonly connector: number | null;
  readonly kind: 'TRANSACTION' | 'ATTEMPT' | 'ORPHAN';
  readonly transactionId: string | null;
  readonly starts: number;
  readonly startedAt: string | null;
  readonly startedBy: string | null;
  readonly stoppedAt: string | null;
  readonly stopMethod: string | null;
  readonly meterValues: readonly { readonly value: string }[];
  readonly evidence: {
    readonly recordIds: readonly string[];
    readonly frames: readonly { readonly action: string | null }[];
  };
  readonly energy: {
    readonly energyWh: string | null;
    readonly method: string | null;
    readonly confidence: string;
    readonly findings: readonly { readonly code: string }[];
  };
};

/** Oldest first. */
export async function transactionsOf(
  platform: Platform,
  { station }: Story,
): Promise<readonly Transaction[]> {
  type Answer = { transactions: { nodes: Transaction[] } };
  const { transactions } = await platform.ask<Answer>(
    `query ($station: [String!]) { transactions(filter: { station: $station }) { nodes {
      id connector kind transactionId starts startedAt startedBy stoppedAt stopMethod
      meterValues { value }
      evidence { recordIds frames { action } }
      energy { energyWh method confidence findings { code } }
    } } }`,
    { station: [station] },
  );
  return transactions.nodes.toReversed();
}

/** The only one there is. */
export async function transactionOf(platform: Platform, story: Story): Promise<Transaction> {
  const [one, ...others] = await transactionsOf(platform, story);
  if (one === undefined || others.length > 0)
    throw new Error(`there are ${others.length + (one ? 1 : 0)} transactions`);
  return one;
}

/** Energy in Wh, how it was found, how sure it is, and what stands out. */
export const energyIn = ({ energy }: Transaction) => [
  energy.energyWh,
  energy.method,
  energy.confidence,
  ...energy.findings.map(({ code }) => code),
];

/** What the station's transactions add up to in Wh. */
export async function energySum(platform: Platform, story: Story): Promise<readonly (string | null)[]> {
  type Answer = { energy: { entries: { energyWh: string | null }[] } };
  const { energy } = await platform.ask<Answer>(
    `query ($station: [String!], $from: DateTime!, $to: DateTime!) {
      energy(station: $station, from: $from, to: $to) { entries { energyWh } }
    }`,
    { station: [story.station], from: story.time(0), to: story.time(STORY) },
  );
  return energy.entries.map(({ energyWh }) => energyWh);
}

/** Why each stretch of a connector's first seconds was what it was: seconds, verdict and cause. */
export async function conditionsOf(platform: Platform, story: Story, seconds: number) {
  type Interval = { from: string; to: string; verdict: string; cause: string };
  type Answer = {
    uptime: {
      entries: { upSeconds: string; downSeconds: string; unknownSeconds: string; intervals: Interval[] }[];
    };
  };
  const { uptime } = await platform.ask<Answer>(
    `query ($station: [String!], $from: DateTime!, $to: DateTime!) {
      uptime(station: $station, from: $from, to: $to) {
        entries { upSeconds downSeconds unknownSeconds intervals { from to verdict cause } }
      }
    }`,
    { station: [story.station], from: story.time(0), to: story.time(seconds) },
  );
  const [entry, ...others] = uptime.entries;
  if (entry === undefined || others.length > 0)
    throw new Error(`there are ${others.length + (entry ? 1 : 0)} connectors`);
  const { upSeconds: up, downSeconds: down, unknownSeconds: unknown, intervals } = entry;
  const lasted = ({ from, to }: Interval) => (Date.parse(to) - Date.parse(from)) / 1000;
  return {
    seconds: { up, down, unknown },
    intervals: intervals.map((one) => [lasted(one), one.verdict, one.cause]),
  };
}

/** Whether the record of its first seconds is whole, and what is missing. */
export async function gapsOf(platform: Platform, story: Story, seconds: number) {
  type Answer = {
    completeness: { entries: { complete: boolean; unwatchedSeconds: string; gaps: { kind: string }[] }[] };
  };
  const { completeness } = await platform.ask<Answer>(
    `query ($station: [String!], $from: DateTime!, $to: DateTime!) {
      completeness(station: $station, from: $from, to: $to) { entries { complete unwatchedSeconds gaps { kind } } }
    }`,
    { station: [story.station], from: story.time(0), to: story.time(seconds) },
  );
  return completeness.entries.map(({ complete, unwatchedSeconds, gaps }) => [
    complete,
    unwatchedSeconds,
    ...gaps.map(({ kind }) => kind),
  ]);
}

/** Rules that were broken, and how often. */
export async function findingsOf(
  platform: Pick<Platform, 'ask'>,
  station: string,
): Promise<Readonly<Record<string, number>>> {
  type Answer = { conformance: { findings: { rule: string; count: string }[] } };
  const { conformance } = await platform.ask<Answer>(
    'query ($station: [String!]) { conformance(station: $station) { findings { rule count } } }',
    { station: [station] },
  );
  return Object.fromEntries(conformance.findings.map(({ rule, count }) => [rule, Number(count)]));
}

/** What became of CALLs of an action, oldest first. */
export async function outcomesOf(
  platform: Platform,
  { station }: Story,
  action: string,
): Promise<readonly string[]> {
  type Answer = { exchanges: { nodes: { outcome: string }[] } };
  const { exchanges } = await platform.ask<Answer>(
    `query ($station: [String!], $action: [String!]) {
      exchanges(filter: { station: $station, action: $action }) { nodes { outcome } }
    }`,
    { station: [station], action: [action] },
  );
  return exchanges.nodes.map(({ outcome }) => outcome).toReversed();
}
