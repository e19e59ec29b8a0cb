import {
  countTransactions,
  type TransactionFilter,
  TRANSACTIONS_ORDER,
  transactionsAt,
} from '@chargeproof/projections';
import type { Micros } from '@chargeproof/record';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { transactionsOf } from '../answers/transaction.ts';
import type { AskedContext } from '../asking/asked.ts';
import { fromEnum, givenMembers } from '../asking/enums.ts';
import { type ListArguments, pageRequest, toConnection } from '../asking/list.ts';
import { checkOrder } from '../asking/period.ts';
import { EVERYTHING } from './frame-filter.ts';

type TransactionFilterInput = {
  readonly tenant: string;
  readonly station?: readonly string[] | null;
  readonly connector?: number | null;
  readonly kind?: readonly string[] | null;
  readonly id?: readonly string[] | null;
  readonly transactionId?: string | null;
  readonly from?: Micros | null;
  readonly to?: Micros | null;
};
type TransactionsArguments = ListArguments & { readonly filter?: TransactionFilterInput | null };
type Kinds = NonNullable<TransactionFilter['kind']>;

@Resolver()
export class TransactionsResolver {
  @Query('transactions')
  async transactions(
    @Args() { filter: input, ...list }: TransactionsArguments,
    @Context() { asked }: AskedContext,
  ) {
    const filter = toFilter(input ?? EVERYTHING);
    const request = await pageRequest(asked, TRANSACTIONS_ORDER, list);
    const page = await transactionsAt(asked.store, { filter, ...request });
    return toConnection(page, transactionsOf(asked, page.rows, filter.tenant, request.frontier), () =>
      countTransactions(asked.store, filter, request.frontier),
    );
  }
}

function toFilter(input: TransactionFilterInput): TransactionFilter {
  const { kind, ...given } = givenMembers(input);
  checkOrder(given, 'filter');
  return { ...given, ...(kind !== undefined && { kind: kind.map(fromEnum) as Kinds[number][] }) };
}
