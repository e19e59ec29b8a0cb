import { formatWh } from '@chargeproof/billing';
import { type EnergyEntry, energyOfPeriod, formatFrontier, type Frontier } from '@chargeproof/projections';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { connectorOrNull } from '../answers/columns.ts';
import { evidenceOfIds } from '../answers/evidence.ts';
import type { Asked, AskedContext } from '../asking/asked.ts';
import { givenMembers } from '../asking/enums.ts';
import { checkPeriod, type PeriodArguments } from '../asking/period.ts';

@Resolver()
export class EnergyResolver {
  @Query('energy')
  async energy(@Args() { asOf, ...input }: PeriodArguments, @Context() { asked }: AskedContext) {
    checkPeriod(input);
    const frontier = await asked.at(asOf);
    const entries = await energyOfPeriod(asked.store, { ...givenMembers(input), frontier });
    return {
      entries: entries.map((entry) => toEntry(asked, entry, frontier)),
      readAt: formatFrontier(frontier),
    };
  }
}

const wh = (mWh: bigint | null) => (mWh === null ? null : formatWh(mWh));

function toEntry(asked: Asked, entry: EnergyEntry, frontier: Frontier) {
  const { tenant, station, method, transactions, withoutEnergy, open } = entry;
  return {
    tenant,
    station,
    connector: connectorOrNull(entry.connector),
    energyWh: wh(entry.energyMwh),
    method,
    byMethod: entry.byMethod.map((part) => ({
      method: part.method,
      confidence: part.confidence,
      transactions: part.transactions,
      energyWh: wh(part.energyMwh),
    })),
    transactions,
    withoutEnergy,
    open,
    evidence: evidenceOfIds(asked, entry, frontier, entry.records),
  };
}
