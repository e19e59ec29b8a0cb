import { useAnswer } from '../asking/use-answer.ts';
import { useNudge } from '../asking/use-nudge.ts';
import { Answered } from '../parts/Answered.tsx';
import { Empty } from '../parts/Empty.tsx';
import { PageHead } from '../parts/PageHead.tsx';
import { ReadAt } from '../parts/ReadAt.tsx';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import { OneTransactionDocument, type OneTransactionQuery } from '../questions/generated.ts';
import { stationPath, useScope } from '../scope/use-scope.ts';
import { StateBadge } from './StateBadge.tsx';
import { WholeView } from './WholeView.tsx';
import { KINDS } from './words.ts';

export type WholeTransaction = OneTransactionQuery['transactions']['nodes'][number];

/** One transaction: what was charged and how that is known, its curve, and every frame of it. */
export function TransactionPage({ id }: { readonly id: string }) {
  const { tenant, asOf } = useScope();
  const answer = useAnswer(OneTransactionDocument, { tenant, id, asOf });
  const one = answer.data?.transactions.nodes[0];
  const goesOn = one?.stoppedAt === null && one.kind === 'TRANSACTION';
  useNudge({ tenant, ...(one && { station: [one.station] }) }, asOf === undefined && goesOn, answer.again);
  return (
    <>
      <PageHead
        title={titleOf(one)}
        above={one ? <ScopedLink to={stationPath(one.station)}>{one.station}</ScopedLink> : 'Transaction'}
      >
        {one && <StateBadge transaction={one} />}
      </PageHead>
      <Answered answer={answer} what="the transaction" lines={10}>
        {({ transactions: { readAt } }) => (
          <>
            {one ? <WholeView transaction={one} readAt={readAt} /> : <NoTransaction />}
            <ReadAt readAt={readAt} />
          </>
        )}
      </Answered>
    </>
  );
}

function titleOf(one: WholeTransaction | undefined): string {
  if (one === undefined) return 'Transaction';
  return [KINDS[one.kind], one.transactionId].filter(Boolean).join(' ');
}

function NoTransaction() {
  const { asOf } = useScope();
  return (
    <Empty title="No such transaction is in the record.">
      <p>
        {asOf !== undefined && 'By then it was not known: go back to now. '}
        <ScopedLink to="/transactions">All transactions</ScopedLink>
      </p>
    </Empty>
  );
}
