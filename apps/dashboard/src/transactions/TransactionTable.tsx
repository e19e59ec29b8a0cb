import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfItsEnergy } from '../evidence/of-figures.ts';
import { roveStops } from '../parts/roving.ts';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import { Time } from '../parts/Time.tsx';
import type { TransactionsQuery } from '../questions/generated.ts';
import { stationPath, transactionPath, useScope } from '../scope/use-scope.ts';
import { energyText } from '../writing/decimal.ts';
import { StateBadge } from './StateBadge.tsx';
import { findingText, METHODS, SHORT_CONFIDENCES } from './words.ts';

type Transaction = TransactionsQuery['transactions']['nodes'][number];
type Props = { readonly transactions: readonly Transaction[]; readonly readAt: string };

export function TransactionTable({ transactions, readAt }: Props) {
  return (
    <table className="list transactions">
      <caption className="unseen">Transactions, newest first; arrow keys go from one to the next</caption>
      <thead>
        <tr>
          <th scope="col">Began</th>
          <th scope="col">Station</th>
          <th scope="col">State</th>
          <th scope="col" className="right">
            Energy
          </th>
          <th scope="col">How it is known</th>
        </tr>
      </thead>
      <tbody onKeyDown={roveStops}>
        {transactions.map((transaction) => (
          <TransactionLine key={transaction.id} transaction={transaction} readAt={readAt} />
        ))}
      </tbody>
    </table>
  );
}

function TransactionLine({
  transaction,
  readAt,
}: {
  readonly transaction: Transaction;
  readonly readAt: string;
}) {
  const { tenant } = useScope();
  const { id, station, connector, startedAt, energy, transactionId } = transaction;
  return (
    <tr>
      <th scope="row">
        <ScopedLink to={transactionPath(id)} data-stop="">
          {startedAt === null ? 'begin not known' : <Time at={startedAt} />}
        </ScopedLink>
        {transactionId !== null && <span className="soft under">id {transactionId}</span>}
      </th>
      <td data-label="Station">
        <ScopedLink to={stationPath(station)}>{station}</ScopedLink>
        {connector !== null && <span className="soft"> · {connector}</span>}
      </td>
      <td data-label="State">
        <StateBadge transaction={transaction} />
      </td>
      <td data-label="Energy" className="right">
        {energy.energyWh === null ? (
          <span className="soft">unknown</span>
        ) : (
          <EvidenceButton
            title={`Energy of transaction ${transactionId ?? ''} of ${station}`}
            of={evidenceOfItsEnergy({ tenant, id, asOf: readAt })}
          >
            {energyText(energy.energyWh)}
          </EvidenceButton>
        )}
      </td>
      <td data-label="How">
        <span className="soft">
          {[SHORT_CONFIDENCES[energy.confidence], energy.method && METHODS[energy.method]]
            .filter(Boolean)
            .join(', ')}
        </span>
        {energy.findings.length > 0 && (
          <span className="fault under">
            {' '}
            ▲ {energy.findings.map(({ code }) => findingText(code)).join(', ')}
          </span>
        )}
      </td>
    </tr>
  );
}
