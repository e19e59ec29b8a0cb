import { formatFrontier } from '@chargeproof/projections';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { toCompleteness } from '../answers/completeness.ts';
import type { AskedContext } from '../asking/asked.ts';
import { checkPeriod, type PeriodArguments, periodQuestion } from '../asking/period.ts';

@Resolver()
export class CompletenessResolver {
  @Query('completeness')
  async completeness(@Args() { asOf, ...input }: PeriodArguments, @Context() { asked }: AskedContext) {
    checkPeriod(input);
    const frontier = await asked.at(asOf);
    const entries = await asked.completeness(periodQuestion(input, frontier));
    return {
      entries: entries.map((entry) => toCompleteness(asked, entry, frontier)),
      readAt: formatFrontier(frontier),
    };
  }
}
