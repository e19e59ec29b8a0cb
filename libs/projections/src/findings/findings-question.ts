import { type Category, type Rule, RULES, type RuleName, type Severity } from '@chargeproof/conformance';
import type { Micros, RecordId } from '@chargeproof/record';
import type { Parameters, Store } from '@chargeproof/tables';
import type { Evidence } from '../evidence/evidence.ts';
import { framesByStation } from '../frames/frames.ts';
import { type Conditions, factRows } from '../paging/index.ts';
import type { Frontier } from '../read-at/frontier.ts';
import { findings } from './findings.ts';

/** Which findings a question is about. Absent members do not narrow. */
export type FindingFilter = {
  readonly tenant: string;
  readonly station?: readonly string[] | undefined;
  readonly rule?: readonly string[] | undefined;
  readonly category?: readonly Category[] | undefined;
  /** Whose: `station`, `csms`. */
  readonly subject?: string | undefined;
  /** Ids of the frames at which a rule was broken. */
  readonly record?: readonly RecordId[] | undefined;
  /** Effective time of the frame, included. */
  readonly from?: Micros | undefined;
  /** Not included. */
  readonly to?: Micros | undefined;
};

/** A rule, and how often a station's record breaks it. */
export type FindingRow = {
  readonly tenant: string;
  readonly station: string;
  readonly rule: RuleName;
  readonly category: Category;
  /** The gravest of its occurrences. */
  readonly severity: Severity;
  readonly subject: string;
  readonly count: string;
  readonly first_found_us: string;
  readonly last_found_us: string;
};

export type OccurrenceRow = {
  readonly record: RecordId;
  readonly found_us: string;
  readonly action: string | null;
  readonly detail: string;
};

/** Gravest first. */
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** Findings known at the frontier, by station, gravest first. */
export async function findingsAt(
  store: Store,
  filter: FindingFilter,
  frontier: Frontier,
): Promise<readonly FindingRow[]> {
  const { sql, parameters } = sourceOf(filter, frontier);
  return store.select<FindingRow>(
    `SELECT tenant, station, rule, any(category) AS category, subject,
  arrayElement({severities:Array(String)}, min(indexOf({severities:Array(String)}, severity))) AS severity,
  count() AS count, toUnixTimestamp64Micro(min(found)) AS first_found_us, toUnixTimestamp64Micro(max(found)) AS last_found_us
FROM ${sql}
GROUP BY tenant, station, rule, subject
ORDER BY station, indexOf({severities:Array(String)}, severity), rule, subject`,
    { ...parameters, severities: SEVERITIES },
  );
}

/** Occurrences of one finding. */
export type OccurrencesOf = (row: FindingRow) => readonly OccurrenceRow[];

/** So many occurrences are read in one query. */
const ROWS_A_QUERY = 100_000;
const ORDERS = { newest: 'found DESC, record DESC', oldest: 'found, record' } as const;

/** The newest or the oldest occurrences of each of an answer's findings, so many of each, in that order. */
export async function occurrencesOf(
  store: Store,
  { rows, filter, frontier }: Findings,
  { order, first }: { readonly order: keyof typeof ORDERS; readonly first: number },
): Promise<OccurrencesOf> {
  const found = new Map<string, readonly OccurrenceRow[]>();
  for (const some of groupsOf(rows, first)) {
    const narrowed = {
      ...filter,
      station: [...new Set(some.map(({ station }) => station))],
      rule: [...new Set(some.map(({ rule }) => rule))],
    };
    const { sql, parameters } = sourceOf(narrowed, frontier);
    const occurrences = await store.select<OccurrenceRow & Identity>(
      `SELECT station, rule, subject, record, toUnixTimestamp64Micro(found) AS found_us, action, detail
FROM ${sql} ORDER BY ${ORDERS[order]} LIMIT {first:UInt32} BY station, rule, subject`,
      { ...parameters, first },
    );
    for (const [name, own] of Map.groupBy(occurrences, identityOf)) found.set(name, own);
  }
  return (row) => found.get(identityOf(row)) ?? [];
}

/** Findings of one answer. */
export type Findings = {
  readonly rows: readonly FindingRow[];
  readonly filter: FindingFilter;
  readonly frontier: Frontier;
};

type Identity = Pick<FindingRow, 'station' | 'rule' | 'subject'>;
const identityOf = ({ station, rule, subject }: Identity) => JSON.stringify([station, rule, subject]);

/** Findings in their order, in groups of so many occurrences; what has more is a group of its own. */
function groupsOf(rows: readonly FindingRow[], first: number): readonly (readonly FindingRow[])[] {
  const groups: FindingRow[][] = [];
  let room = 0;
  for (const row of rows) {
    const size = Math.min(first, Number(row.count));
    const last = size > room ? undefined : groups.at(-1);
    if (last === undefined) groups.push([row]);
    else last.push(row);
    room = (last === undefined ? ROWS_A_QUERY : room) - size;
  }
  return groups;
}

/** The frames at which the rule was broken. */
export function evidenceOfFinding(row: FindingRow, filter: FindingFilter, frontier: Frontier): Evidence {
  const { sql, parameters } = ofRow(row, filter, frontier);
  return {
    tenant: row.tenant,
    station: row.station,
    frontier,
    total: BigInt(row.count),
    records: { sql: `SELECT record FROM ${sql} ORDER BY found, record`, parameters },
  };
}

/** Frames of the period that were looked at: without any, no finding says nothing. */
export async function framesChecked(
  store: Store,
  { tenant, station, from, to }: FindingFilter,
  frontier: Frontier,
): Promise<bigint> {
  const counts = await framesByStation(store, { tenant, station, from, to }, frontier);
  return counts.reduce((sum, { frames }) => sum + BigInt(frames), 0n);
}

export const ruleOf = ({ rule }: Pick<FindingRow, 'rule'>): Rule => RULES[rule];

type Source = { readonly sql: string; readonly parameters: Parameters };

const CONDITIONS: Conditions<FindingFilter> = {
  rule: 'rule IN {rule:Array(String)}',
  category: 'category IN {category:Array(String)}',
  subject: 'subject = {subject:String}',
  record: 'record IN {record:Array(String)}',
  from: 'found >= fromUnixTimestamp64Micro({from:Int64})',
  to: 'found < fromUnixTimestamp64Micro({to:Int64})',
};

function sourceOf(filter: FindingFilter, frontier: Frontier): Source {
  const { from, where, parameters } = factRows(findings, CONDITIONS, filter, frontier);
  return { sql: `(SELECT * FROM ${from} WHERE ${where})`, parameters };
}

const ofRow = (row: FindingRow, filter: FindingFilter, frontier: Frontier): Source =>
  sourceOf({ ...filter, station: [row.station], rule: [row.rule], subject: row.subject }, frontier);
