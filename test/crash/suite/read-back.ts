import type { Platform } from './platform.ts';

/** What the store says of a station, over GraphQL. */
export type StoredFrame = {
  readonly id: string;
  readonly connection: string;
  readonly sequence: string;
  readonly direction: 'STATION_TO_CSMS' | 'CSMS_TO_STATION';
  readonly bytes: string;
};
export type StoredConnection = { readonly id: string; readonly openedAt: string; readonly state: string };
export type StoredGap = {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly missing: string | null;
  readonly connection: string | null;
};
export type Stored = {
  readonly frames: readonly StoredFrame[];
  readonly connections: readonly StoredConnection[];
  readonly gaps: readonly StoredGap[];
};

type Page<Node> = {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

const FRAMES = `query ($station: [String!], $after: String) {
  page: frames(filter: { station: $station }, first: 500, after: $after) {
    nodes { id connection sequence direction bytes } pageInfo { hasNextPage endCursor }
  }
}`;
const CONNECTIONS = `query ($station: [String!], $after: String) {
  page: connections(station: $station, first: 500, after: $after) {
    nodes { id openedAt state } pageInfo { hasNextPage endCursor }
  }
}`;
const COMPLETENESS = `query ($station: [String!], $from: DateTime!, $to: DateTime!) {
  completeness(station: $station, from: $from, to: $to) {
    entries { gaps { kind from to missing connection } }
  }
}`;

/** @param period what completeness is asked of: all of the run, in ISO time */
export async function readBack(
  platform: Platform,
  station: string,
  period: { readonly from: string; readonly to: string },
): Promise<Stored> {
  const [frames, connections, { completeness }] = await Promise.all([
    allOf<StoredFrame>(platform, FRAMES, station),
    allOf<StoredConnection>(platform, CONNECTIONS, station),
    platform.ask<{ completeness: { entries: readonly { gaps: readonly StoredGap[] }[] } }>(COMPLETENESS, {
      station: [station],
      ...period,
    }),
  ]);
  return {
    frames,
    connections: connections
      .filter(({ state }) => state !== 'REFUSED')
      .toSorted((a, b) => (a.openedAt < b.openedAt ? -1 : 1)),
    gaps: completeness.entries.flatMap(({ gaps }) => gaps),
  };
}

async function allOf<Node>(platform: Platform, question: string, station: string): Promise<readonly Node[]> {
  const nodes: Node[] = [];
  for (let after: string | null = null; ;) {
    const { page }: { page: Page<Node> } = await platform.ask<{ page: Page<Node> }>(question, {
      station: [station],
      after,
    });
    nodes.push(...page.nodes);
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage) return nodes;
  }
}
