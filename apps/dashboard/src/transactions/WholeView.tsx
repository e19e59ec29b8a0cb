import { FrameRows } from '../frames/FrameRows.tsx';
import { grouped } from '../writing/decimal.ts';
import { EnergyCard } from './EnergyCard.tsx';
import { EnergyCurve } from './EnergyCurve.tsx';
import { TransactionFacts } from './TransactionFacts.tsx';
import type { WholeTransaction } from './TransactionPage.tsx';

type Props = { readonly transaction: WholeTransaction; readonly readAt: string };

export function WholeView({ transaction, readAt }: Props) {
  const { total, frames } = transaction.evidence;
  return (
    <>
      <div className="columns">
        <EnergyCard transaction={transaction} readAt={readAt} />
        <TransactionFacts transaction={transaction} readAt={readAt} />
      </div>
      <EnergyCurve transaction={transaction} />
      <section aria-labelledby="frames">
        <h2 id="frames">
          Frames{' '}
          <span className="soft">{total === '1' ? 'one proves it' : `${grouped(total)} prove it`}</span>
        </h2>
        <FrameRows frames={frames} label="Frames of the transaction, oldest first" />
      </section>
    </>
  );
}
