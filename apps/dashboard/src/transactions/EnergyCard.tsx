import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfEnergyFinding, evidenceOfItsEnergy } from '../evidence/of-figures.ts';
import { useScope } from '../scope/use-scope.ts';
import { energyText, grouped } from '../writing/decimal.ts';
import type { WholeTransaction } from './TransactionPage.tsx';
import { ItsRecord } from './ItsRecord.tsx';
import { CONFIDENCES, findingText, METHODS } from './words.ts';

type Props = { readonly transaction: WholeTransaction; readonly readAt: string };

/** The figure, how it was found, how sure it is, and what contradicts it. */
export function EnergyCard({ transaction, readAt }: Props) {
  const { id, energy } = transaction;
  const { tenant } = useScope();
  const at = { tenant, id, asOf: readAt };
  return (
    <section className="card" aria-labelledby="energy">
      <h2 id="energy">Energy</h2>
      <EvidenceButton title="Energy of this transaction" of={evidenceOfItsEnergy(at)}>
        <span className="huge">{energy.energyWh === null ? 'Unknown' : energyText(energy.energyWh)}</span>
      </EvidenceButton>
      {energy.energyWh !== null && <p className="soft">{grouped(energy.energyWh)} Wh, exactly</p>}
      {energy.method !== null && <p>By {METHODS[energy.method]}.</p>}
      <p>{CONFIDENCES[energy.confidence]}</p>
      {energy.disagreementWh !== null && (
        <p>
          {energy.disagreementWh === '0'
            ? 'The other methods agree.'
            : `The other methods differ by up to ${grouped(energy.disagreementWh)} Wh.`}
        </p>
      )}
      <ItsRecord transaction={transaction} readAt={readAt} />
      {energy.findings.length > 0 && (
        <ul className="plain cross">
          {energy.findings.map((finding) => (
            <li key={`${finding.code} ${finding.detail}`}>
              <EvidenceButton title={findingText(finding.code)} of={evidenceOfEnergyFinding(at, finding)}>
                <span className="fault">▲ {findingText(finding.code)}</span>
              </EvidenceButton>
              <p className="soft">{finding.detail}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
