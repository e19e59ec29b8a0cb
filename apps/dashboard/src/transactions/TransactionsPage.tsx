import { useAnswer } from '../asking/use-answer.ts';
import { useNudge } from '../asking/use-nudge.ts';
import { Answered } from '../parts/Answered.tsx';
import { Empty } from '../parts/Empty.tsx';
import { PageHead } from '../parts/PageHead.tsx';
import { Pager } from '../parts/Pager.tsx';
import { ReadAt } from '../parts/ReadAt.tsx';
import { TransactionsDocument } from '../questions/generated.ts';
import { useScope } from '../scope/use-scope.ts';
import { useSearch } from '../scope/use-search.ts';
import { grouped } from '../writing/decimal.ts';
import { TransactionFilterBar } from './TransactionFilterBar.tsx';
import { TransactionTable } from './TransactionTable.tsx';
import { useTransactionFilter } from './use-transaction-filter.ts';

const PAGE = 50;

/** Transactions, refused attempts and orphans, newest first. */
export function TransactionsPage() {
  const { tenant, asOf } = useScope();
  const [parameters] = useSearch();
  const after = parameters.get('after');
  const filter = useTransactionFilter();
  const answer = useAnswer(TransactionsDocument, { filter, first: PAGE, after, asOf });
  useNudge({ tenant }, asOf === undefined && after === null, answer.again);
  return (
    <>
      <PageHead title="Transactions" />
      <TransactionFilterBar />
      <Answered answer={answer} what="transactions" lines={10}>
        {({ transactions: { nodes, pageInfo, totalCount, readAt } }) => (
          <>
            {nodes.length === 0 ? (
              <Empty title="No transaction is like that.">
                <p>Widen the filter; a transaction is listed from the first frame on that proves it.</p>
              </Empty>
            ) : (
              <TransactionTable transactions={nodes} readAt={readAt} />
            )}
            <Pager pageInfo={pageInfo} />
            <footer className="view-foot">
              <p className="soft">{grouped(totalCount)} in all</p>
              <ReadAt readAt={readAt} />
            </footer>
          </>
        )}
      </Answered>
    </>
  );
}
