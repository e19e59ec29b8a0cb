import { answerTo, type Endpoint } from '../asking/graphql-response.ts';

export type Frames = { readonly total: number; readonly byStation: Readonly<Record<string, number>> };

export type TransactionFigure = {
  readonly station: string;
  readonly connector: number | null;
  readonly transactionId: string | null;
  /** Wh as an exact decimal; null where nothing may be said. */
  readonly energyWh: string | null;
  readonly method: string | null;
};
export type UptimeFigure = {
  readonly station: string;
  readonly connector: number;
  readonly upSeconds: number;
  readonly downSeconds: number;
  readonly unknownSeconds: number;
};
export type FindingFigure = {
  readonly station: string;
  /** The rule that was broken. */
  readonly kind: string;
  readonly count: number;
  /** Record ids. */
  readonly evidence: readonly string[];
};
export type GapFigure = {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly missing: number | null;
  readonly reason: string;
};
export type CompletenessFigure = {
  readonly station: string;
  readonly complete: boolean;
  readonly gaps: readonly GapFigure[];
};

/** What the API says of one run. */
export type Figures = {
  readonly run: string | undefined;
  readonly frames: Frames;
  readonly transactions: readonly TransactionFigure[];
  readonly uptime: readonly UptimeFigure[];
  readonly conformance: readonly (FindingFigure & { readonly severity: string })[];
  readonly completeness: readonly CompletenessFigure[];
};

/** Times as GraphQL takes them. */
export type Period = {
  /** From before the first frame. */
  readonly begun: string;
  /** From when every station had booted, to when the last had played its script. */
  readonly from: string;
  readonly to: string;
};

const QUESTION = `query ($station: [String!], $begun: DateTime!, $from: DateTime!, $to: DateTime!) {
  transactions(filter: { station: $station, from: $begun }, first: 500) {
    nodes { station connector transactionId energy { energyWh method } }
  }
  uptime(station: $station, from: $from, to: $to) {
    entries { station connector upSeconds downSeconds unknownSeconds }
  }
  conformance(station: $station, from: $begun) {
    findings { station rule severity count evidence { recordIds } }
  }
  completeness(station: $station, from: $from, to: $to) {
    entries { station complete unwatchedSeconds gaps { kind from to missing reason } }
  }
}`;

type Answer = {
  transactions: {
    nodes: (Pick<TransactionFigure, 'station' | 'connector' | 'transactionId'> & {
      energy: Pick<TransactionFigure, 'energyWh' | 'method'>;
    })[];
  };
  uptime: {
    entries: {
      station: string;
      connector: number;
      upSeconds: string;
      downSeconds: string;
      unknownSeconds: string;
    }[];
  };
  conformance: {
    findings: {
      station: string;
      rule: string;
      severity: string;
      count: string;
      evidence: { recordIds: string[] };
    }[];
  };
  completeness: {
    entries: {
      station: string;
      complete: boolean;
      unwatchedSeconds: string;
      gaps: (Omit<GapFigure, 'missing'> & { missing: string | null })[];
    }[];
  };
};

/** Asks for every figure of the report but the frames. @throws Error with the server's own messages */
export async function askFigures(
  endpoint: Endpoint,
  stations: readonly string[],
  { begun, from, to }: Period,
): Promise<Omit<Figures, 'run' | 'frames'> & { readonly isWatched: boolean }> {
  const answer = await answerTo<Answer>(endpoint, QUESTION, { station: stations, begun, from, to });
  return {
    transactions: answer.transactions.nodes
      .map(({ energy, ...transaction }) => ({ ...transaction, ...energy }))
      .reverse(),
    uptime: answer.uptime.entries.map((entry) => ({
      station: entry.station,
      connector: entry.connector,
      upSeconds: Number(entry.upSeconds),
      downSeconds: Number(entry.downSeconds),
      unknownSeconds: Number(entry.unknownSeconds),
    })),
    conformance: answer.conformance.findings.map(({ station, rule, severity, count, evidence }) => ({
      station,
      kind: rule,
      count: Number(count),
      evidence: evidence.recordIds,
      severity,
    })),
    completeness: answer.completeness.entries.map(({ station, complete, gaps }) => ({
      station,
      complete,
      gaps: gaps.map((gap) => ({ ...gap, missing: gap.missing === null ? null : Number(gap.missing) })),
    })),
    isWatched: answer.completeness.entries.every(({ unwatchedSeconds }) => Number(unwatchedSeconds) === 0),
  };
}
