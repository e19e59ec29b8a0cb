import { UNJUDGED_RULES } from '@chargeproof/conformance';
import {
  evidenceOfFinding,
  type FindingFilter,
  type FindingRow,
  type Findings,
  findingsAt,
  formatFrontier,
  framesChecked,
  type Frontier,
  type OccurrenceRow,
  occurrencesOf,
  ruleOf,
} from '@chargeproof/projections';
import type { Micros } from '@chargeproof/record';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { completenessBehind } from '../answers/completeness.ts';
import { toEvidence } from '../answers/evidence.ts';
import { frameOf } from '../answers/frame.ts';
import { sectionText } from '../answers/section.ts';
import type { Asked, AskedContext } from '../asking/asked.ts';
import { fromEnum, givenMembers, toEnum } from '../asking/enums.ts';
import { lazyBy } from '../asking/lazy.ts';
import { checkFirst } from '../asking/list.ts';
import { checkOrder, periodQuestion } from '../asking/period.ts';

type ConformanceArguments = {
  readonly tenant: string;
  readonly station?: readonly string[] | null;
  readonly rule?: readonly string[] | null;
  readonly category?: readonly string[] | null;
  readonly record?: readonly string[] | null;
  readonly from?: Micros | null;
  readonly to?: Micros | null;
  readonly asOf?: string | null;
};
const UNJUDGED = Object.entries(UNJUDGED_RULES).map(([rule, { title, why }]) => ({ rule, title, why }));
type Categories = NonNullable<FindingFilter['category']>;

@Resolver()
export class ConformanceResolver {
  @Query('conformance')
  async conformance(@Args() { asOf, ...input }: ConformanceArguments, @Context() { asked }: AskedContext) {
    const filter = toFilter(input);
    const frontier = await asked.at(asOf);
    const rows = await findingsAt(asked.store, filter, frontier);
    return {
      findings: findingsOf(asked, { rows, filter, frontier }),
      framesChecked: () => framesChecked(asked.store, filter, frontier),
      notJudged: UNJUDGED,
      completeness: completenessOf(asked, filter, frontier),
      readAt: formatFrontier(frontier),
    };
  }
}

function toFilter(input: Omit<ConformanceArguments, 'asOf'>): FindingFilter {
  const { category, ...given } = givenMembers(input);
  checkOrder(given);
  return {
    ...given,
    ...(category !== undefined && { category: category.map(fromEnum) as Categories[number][] }),
  };
}

/** Null without a period: there is none whose record could be whole. */
function completenessOf(asked: Asked, { tenant, station, from, to }: FindingFilter, frontier: Frontier) {
  if (from === undefined || to === undefined || from === to) return null;
  return completenessBehind(asked, periodQuestion({ tenant, station: station ?? null, from, to }, frontier))
    .all;
}

/** Occurrences of all findings of an answer are read when those of one are asked for. */
function findingsOf(asked: Asked, findings: Findings) {
  const { store } = asked;
  const newest = lazyBy((first: number) => occurrencesOf(store, findings, { order: 'newest', first }));
  const oldest = lazyBy((first: number) => occurrencesOf(store, findings, { order: 'oldest', first }));
  return findings.rows.map((row) => ({
    ...whatItIs(row),
    occurrences: async ({ first }: First) => {
      const occurrences = (await newest(checkFirst(first)))(row);
      return occurrences.map((one) => toOccurrence(asked, row, findings.frontier, one));
    },
    evidence: toEvidence(asked, {
      ...evidenceOfFinding(row, findings.filter, findings.frontier),
      beginning: async (first) => (await oldest(first))(row).map(({ record }) => record),
    }),
  }));
}

type First = { readonly first: number };

function toOccurrence(
  asked: Asked,
  row: FindingRow,
  frontier: Frontier,
  { record, found_us, action, detail }: OccurrenceRow,
) {
  return {
    recordId: record,
    at: Number(found_us),
    action,
    detail,
    frame: frameOf(asked, row, frontier, record),
  };
}

function whatItIs(row: FindingRow) {
  const { title, section } = ruleOf(row);
  return {
    tenant: row.tenant,
    station: row.station,
    rule: row.rule,
    category: toEnum(row.category),
    title,
    severity: row.severity,
    subject: row.subject,
    section: sectionText(section),
    count: row.count,
    firstFound: Number(row.first_found_us),
    lastFound: Number(row.last_found_us),
  };
}
