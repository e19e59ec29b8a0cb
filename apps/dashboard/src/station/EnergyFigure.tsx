import type { ReactNode } from 'react';
import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfEnergy } from '../evidence/of-figures.ts';
import type { AtPeriod } from '../evidence/question.ts';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import { connectorText } from '../parts/status.ts';
import type { StationFiguresQuery } from '../questions/generated.ts';
import { type Period, periodParameters } from '../scope/use-period.ts';
import { METHODS } from '../transactions/words.ts';
import { energyText, grouped } from '../writing/decimal.ts';

type Entry = StationFiguresQuery['energy']['entries'][number];
type Props = {
  readonly at: AtPeriod;
  readonly entries: readonly Entry[];
  readonly period: Period;
  /** What stands below. */
  readonly children: ReactNode;
};

const of = (count: string, words: string) => (count === '0' ? [] : [`${grouped(count)} ${words}`]);

/** How many there were, and of how many nothing is said. */
const wordsOf = ({ transactions, withoutEnergy, open, method }: Entry): string =>
  [
    ...of(transactions, transactions === '1' ? 'transaction' : 'transactions'),
    ...of(open, 'still open'),
    ...of(withoutEnergy, 'of which no energy can be said'),
    ...(method === null ? [] : [METHODS[method]]),
  ].join(' · ');

export function EnergyFigure({ at, entries, period, children }: Props) {
  return (
    <section className="card" aria-labelledby="energy">
      <h2 id="energy">Energy</h2>
      {entries.length === 0 && <p className="soft">No transaction began in this period.</p>}
      {entries.map((entry) => (
        <div key={entry.connector} className="entry">
          <span className="soft">{connectorText(entry.connector)}</span>
          <EvidenceButton
            title={`Energy of ${at.station}, ${connectorText(entry.connector).toLowerCase()}`}
            of={evidenceOfEnergy(at, entry.connector)}
          >
            <span className="large">{entry.energyWh === null ? 'unknown' : energyText(entry.energyWh)}</span>
          </EvidenceButton>
          <span className="soft">{wordsOf(entry)}</span>
        </div>
      ))}
      {children}
      <ScopedLink to="/transactions" with={{ station: at.station, ...periodParameters(period) }}>
        Its transactions
      </ScopedLink>
    </section>
  );
}
