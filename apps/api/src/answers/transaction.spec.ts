import type { TransactionAt } from '@chargeproof/projections';
import type { Store } from '@chargeproof/tables';
import { expect, it } from 'vitest';
import { Asked } from '../asking/asked.ts';
import { transactionsOf } from './transaction.ts';

const NOTHING = { select: () => Promise.resolve([]) } as unknown as Store;
const frontier = { generation: 1, next: [] };

it('the record behind transactions is read of at most 50 in one answer', async () => {
  const row = { tenant: 't', station: 'CP', kind: 'transaction' } as unknown as TransactionAt;
  const behind = (count: number) =>
    transactionsOf(
      new Asked(NOTHING),
      Array<TransactionAt>(count).fill(row),
      't',
      frontier,
    )(row).completeness();
  expect(await behind(50)).toBeNull();
  await expect(behind(51)).rejects.toThrow('first is at most 50');
});
