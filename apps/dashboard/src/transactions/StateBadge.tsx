import { Badge } from '../parts/Badge.tsx';
import type { TransactionsQuery } from '../questions/generated.ts';
import { KINDS } from './words.ts';

type Transaction = Pick<
  TransactionsQuery['transactions']['nodes'][number],
  'kind' | 'stoppedAt' | 'stopMethod' | 'idTagStatus'
>;

/** Whether it goes on; a refused attempt and one without a start say what they are. */
export function StateBadge({
  transaction: { kind, stoppedAt, stopMethod, idTagStatus },
}: {
  readonly transaction: Transaction;
}) {
  if (kind === 'ATTEMPT') return <Badge tone="off">{idTagStatus ?? KINDS[kind]}</Badge>;
  if (kind === 'ORPHAN') return <Badge tone="unknown">{KINDS[kind]}</Badge>;
  return stoppedAt === null && stopMethod === null ? (
    <Badge tone="busy">Charging</Badge>
  ) : (
    <Badge tone="up">Ended</Badge>
  );
}
