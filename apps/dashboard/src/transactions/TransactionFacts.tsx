import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfTransaction } from '../evidence/of-figures.ts';
import { Facts } from '../parts/Facts.tsx';
import { connectorText } from '../parts/status.ts';
import { Time } from '../parts/Time.tsx';
import { useScope } from '../scope/use-scope.ts';
import { grouped, microsOf } from '../writing/decimal.ts';
import { spanText } from '../writing/time.ts';
import type { WholeTransaction } from './TransactionPage.tsx';
import { stopText } from './words.ts';

type Props = { readonly transaction: WholeTransaction; readonly readAt: string };

/** By whose clock a time is. */
const clockOf = (by: string | null) => (by === 'received' ? 'by our clock; its own was unusable' : null);

/** Its facts; each opens to the frames of the transaction. */
export function TransactionFacts({ transaction, readAt }: Props) {
  const { tenant } = useScope();
  const { id, startedAt, stoppedAt } = transaction;
  const proved = (value: string | null) =>
    value === null ? null : (
      <EvidenceButton title="This transaction" of={evidenceOfTransaction({ tenant, id, asOf: readAt })}>
        {value}
      </EvidenceButton>
    );
  const register = (value: string | null) => proved(value === null ? null : `${grouped(value)} Wh`);
  return (
    <section className="card" aria-labelledby="facts">
      <h2 id="facts">Facts</h2>
      <Facts
        facts={[
          ['Connector', proved(connectorText(transaction.connector))],
          ['Began', <When key="began" at={startedAt} more={clockOf(transaction.startedBy)} />],
          ['Ended', stoppedAt && <When at={stoppedAt} more={clockOf(transaction.stoppedBy)} />],
          ['Lasted', startedAt && stoppedAt && lasted(startedAt, stoppedAt)],
          ['Its end is known', transaction.stopMethod && stopText(transaction.stopMethod)],
          ['Reason', proved(transaction.stopReason)],
          ['Meter at begin', register(transaction.meterStart)],
          ['Meter at end', register(transaction.meterStop)],
          [
            'Tag',
            transaction.idTag && (
              <>
                <code>{transaction.idTag}</code>
                <span className="soft"> a stand-in: equal tags have equal ones</span>
              </>
            ),
          ],
          ['Tag status', proved(transaction.idTagStatus)],
          ['Station’s time at begin', transaction.startStationTime],
          ['Station’s time at end', transaction.stopStationTime],
          ['Start sent', transaction.starts > 1 ? `${transaction.starts} times` : null],
          ['Record', <code key="id">{id}</code>],
        ]}
      />
    </section>
  );
}

function When({ at, more }: { readonly at: string | null; readonly more: string | null }) {
  return (
    <>
      <Time at={at} />
      {more !== null && <span className="soft"> {more}</span>}
    </>
  );
}

const lasted = (from: string, to: string) =>
  spanText(microsOf(String(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000)));
