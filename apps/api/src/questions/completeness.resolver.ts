import {
  type CompletenessEntry,
  completenessOfPeriod,
  formatFrontier,
  type Frontier,
} from '@chargeproof/projections';
import { formatSeconds } from '@chargeproof/uptime';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { evidenceOfIds } from '../answers/evidence.ts';
import type { Asked, AskedContext } from '../asking/asked.ts';
import { givenMembers } from '../asking/enums.ts';
import { checkPeriod, type PeriodArguments } from '../asking/period.ts';

@Resolver()
export class CompletenessResolver {
  @Query('completeness')
  async completeness(@Args() { asOf, ...input }: PeriodArguments, @Context() { asked }: AskedContext) {
    checkPeriod(input);
    const frontier = await asked.at(asOf);
    const entries = await completenessOfPeriod(asked.store, { ...givenMembers(input), frontier });
    return {
      entries: entries.map((entry) => toEntry(asked, entry, frontier)),
      readAt: formatFrontier(frontier),
    };
  }
}

function toEntry(asked: Asked, entry: CompletenessEntry, frontier: Frontier) {
  const { tenant, station, complete, watched, unwatched, recorded, gaps, clockOffsetMicros } = entry;
  return {
    tenant,
    station,
    complete,
    watchedSeconds: formatSeconds(watched),
    unwatchedSeconds: formatSeconds(unwatched),
    records: recorded,
    gaps: gaps.map(({ records, ...gap }) => ({
      ...gap,
      evidence: evidenceOfIds(asked, entry, frontier, records),
    })),
    clockOffsetMicros,
    evidence: evidenceOfIds(asked, entry, frontier, entry.records),
  };
}
