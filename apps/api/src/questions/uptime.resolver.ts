import { formatFrontier, type Frontier, type UptimeEntry, uptimeOfPeriod } from '@chargeproof/projections';
import { type ConditionInterval, formatSeconds } from '@chargeproof/uptime';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { connectorOrNull } from '../answers/columns.ts';
import { completenessBehind } from '../answers/completeness.ts';
import { evidenceOfIds } from '../answers/evidence.ts';
import type { Asked, AskedContext } from '../asking/asked.ts';
import { checkPeriod, type PeriodArguments, periodQuestion } from '../asking/period.ts';

type UptimeArguments = PeriodArguments & { readonly connector?: number | null };

@Resolver()
export class UptimeResolver {
  @Query('uptime')
  async uptime(@Args() { asOf, connector, ...input }: UptimeArguments, @Context() { asked }: AskedContext) {
    checkPeriod(input);
    const question = periodQuestion(input, await asked.at(asOf));
    const entries = await uptimeOfPeriod(asked.store, { ...question, connector: connector ?? undefined });
    const completeness = completenessBehind(asked, question);
    return {
      entries: entries.map((entry) => ({
        ...toEntry(asked, entry, question.frontier),
        completeness: () => completeness.of(entry.station),
      })),
      completeness: completeness.all,
      readAt: formatFrontier(question.frontier),
    };
  }
}

function toEntry(asked: Asked, entry: UptimeEntry, frontier: Frontier) {
  const { tenant, station, connector, up, down, unknown, intervals } = entry;
  const toInterval = ({ from, to, verdict, cause, records }: ConditionInterval) => ({
    from,
    to,
    verdict,
    cause,
    evidence: evidenceOfIds(asked, entry, frontier, records),
  });
  return {
    tenant,
    station,
    connector: connectorOrNull(connector),
    upSeconds: formatSeconds(up),
    downSeconds: formatSeconds(down),
    unknownSeconds: formatSeconds(unknown),
    intervals: intervals.map(toInterval),
    evidence: evidenceOfIds(
      asked,
      entry,
      frontier,
      intervals.flatMap(({ records }) => records),
    ),
  };
}
