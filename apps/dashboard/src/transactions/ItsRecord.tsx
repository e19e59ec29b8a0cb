import { useState } from 'react';
import { NEXT_WORD } from '../parts/gaps.ts';
import { RecordBehind } from '../parts/RecordBehind.tsx';
import { useScope } from '../scope/use-scope.ts';
import type { WholeTransaction } from './TransactionPage.tsx';

type Props = {
  readonly transaction: Pick<WholeTransaction, 'station' | 'completeness'>;
  readonly readAt: string;
};

/** How whole the record is from its first frame to its last. */
export function ItsRecord({ transaction: { station, completeness }, readAt }: Props) {
  const { tenant, asOf } = useScope();
  const [opened] = useState(() => Date.now());
  if (completeness === null) return null;
  const { from, to } = completeness;
  // Of what was heard just now the recorder has not said yet that it watched.
  const moves = asOf === undefined && opened - Date.parse(to) <= NEXT_WORD;
  return (
    <RecordBehind
      at={{ tenant, station, asOf: readAt }}
      entry={completeness}
      moves={moves}
      firstSeen={from}
    />
  );
}
