import { formatWh } from '@chargeproof/billing';
import {
  type EnergyEntry,
  energyOfPeriod,
  formatFrontier,
  type Frontier,
  type PeriodQuestion,
} from '@chargeproof/projections';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { connectorOrNull } from '../answers/columns.ts';
import { completenessBehind } from '../answers/completeness.ts';
import { evidenceOfIds } from '../answers/evidence.ts';
import type { Asked, AskedContext } from '../asking/asked.ts';
import { checkPeriod, type PeriodArguments, periodQuestion } from '../asking/period.ts';

@Resolver()
export class EnergyResolver {
  @Query('energy')
  async energy(@Args() { asOf, ...input }: PeriodArguments, @Context() { asked }: AskedContext) {
    checkPeriod(input);
    const question = periodQuestion(input, await asked.at(asOf));
    const entries = await energyOfPeriod(asked.store, question);
    const completeness = completenessBehind(asked, heardOf(question, entries));
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

/** The period, and the time beyond it in which its transactions were heard of: they are counted whole. */
const heardOf = (question: PeriodQuestion, entries: readonly EnergyEntry[]): PeriodQuestion => ({
  ...question,
  from: entries.reduce((least, { firstHeard }) => Math.min(least, firstHeard), question.from),
  // The last frame belongs to it.
  to: entries.reduce((most, { lastHeard }) => Math.max(most, lastHeard + 1), question.to),
});

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
