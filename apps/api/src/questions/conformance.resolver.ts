import {
  evidenceOfFinding,
  type FindingFilter,
  type FindingRow,
  findingsAt,
  formatFrontier,
  framesChecked,
  type Frontier,
  occurrencesOf,
  ruleOf,
} from '@chargeproof/projections';
import type { Micros } from '@chargeproof/record';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { toEvidence } from '../answers/evidence.ts';
import { frameOf } from '../answers/frame.ts';
import type { Asked, AskedContext } from '../asking/asked.ts';
import { fromEnum, givenMembers, toEnum } from '../asking/enums.ts';
import { checkFirst } from '../asking/list.ts';
import { checkOrder } from '../asking/period.ts';

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
type Categories = NonNullable<FindingFilter['category']>;

@Resolver()
export class ConformanceResolver {
  @Query('conformance')
  async conformance(@Args() { asOf, ...input }: ConformanceArguments, @Context() { asked }: AskedContext) {
    const filter = toFilter(input);
    const frontier = await asked.at(asOf);
    const findings = await findingsAt(asked.store, filter, frontier);
    return {
      findings: findings.map((row) => toFinding(asked, row, filter, frontier)),
      framesChecked: () => framesChecked(asked.store, filter, frontier),
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

function toFinding(asked: Asked, row: FindingRow, filter: FindingFilter, frontier: Frontier) {
  const { title, section } = ruleOf(row);
  return {
    tenant: row.tenant,
    station: row.station,
    rule: row.rule,
    category: toEnum(row.category),
    title,
    severity: row.severity,
    subject: row.subject,
    section,
    count: row.count,
    firstFound: Number(row.first_found_us),
    lastFound: Number(row.last_found_us),
    occurrences: async ({ first }: { readonly first: number }) => {
      const found = await occurrencesOf(asked.store, row, filter, frontier, checkFirst(first));
      return found.map(({ record, found_us, action, detail }) => ({
        recordId: record,
        at: Number(found_us),
        action,
        detail,
        frame: frameOf(asked, row, frontier, record),
      }));
    },
    evidence: toEvidence(asked, evidenceOfFinding(row, filter, frontier)),
  };
}
