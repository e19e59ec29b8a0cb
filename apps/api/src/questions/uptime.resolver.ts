import { formatFrontier, type Frontier, type UptimeEntry, uptimeOfPeriod } from '@chargeproof/projections';
import { type ConditionInterval, formatSeconds } from '@chargeproof/uptime';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { connectorOrNull } from '../answers/columns.ts';
import { evidenceOfIds } from '../answers/evidence.ts';
import type { Asked, AskedContext } from '../asking/asked.ts';
import { givenMembers } from '../asking/enums.ts';
import { checkPeriod, type PeriodArguments } from '../asking/period.ts';

type UptimeArguments = PeriodArguments & { readonly connector?: number | null };

@Resolver()
export class UptimeResolver {
  @Query('uptime')
  async uptime(@Args() { asOf, ...input }: UptimeArguments, @Context() { asked }: AskedContext) {
    checkPeriod(input);
    const frontier = await asked.at(asOf);
    const entries = await uptimeOfPeriod(asked.store, { ...givenMembers(input), frontier });
    return {
      entries: entries.map((entry) => toEntry(asked, entry, frontier)),
      readAt: formatFrontier(frontier),
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
