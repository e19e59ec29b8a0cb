import { type TransactionAt, type TransactionFilter, transactionList } from '@chargeproof/projections';
import type { Micros } from '@chargeproof/record';
import { Inject } from '@nestjs/common';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { transactionsOf } from '../answers/transaction.ts';
import type { AskedContext } from '../asking/asked.ts';
import { fromEnum, givenMembers } from '../asking/enums.ts';
import { answerList, type ListArguments } from '../asking/list.ts';
import { checkOrder } from '../asking/period.ts';
import { type ShownOf, Tags } from '../subjects/tags.ts';
import { EVERYTHING } from './frame-filter.ts';

type TransactionFilterInput = {
  readonly tenant: string;
  readonly station?: readonly string[] | null;
  readonly connector?: number | null;
  readonly kind?: readonly string[] | null;
  readonly id?: readonly string[] | null;
  readonly transactionId?: string | null;
  readonly idTag?: readonly string[] | null;
  readonly from?: Micros | null;
  readonly to?: Micros | null;
};
type TransactionsArguments = ListArguments & { readonly filter?: TransactionFilterInput | null };
type Kinds = NonNullable<TransactionFilter['kind']>;

@Resolver()
export class TransactionsResolver {
  readonly #tags: Tags;

  constructor(@Inject(Tags) tags: Tags) {
    this.#tags = tags;
  }

  @Query('transactions')
  async transactions(
    @Args() { filter: input, ...list }: TransactionsArguments,
    @Context() { asked, request: asker }: AskedContext,
  ) {
    const filter = toFilter((await this.#tags.inFilter(input)) ?? EVERYTHING);
    const { tenant } = filter;
    return answerList(asked, transactionList, { ...list, filter }, ({ rows, frontier }) => {
      const shown = this.#tags.shownTo(asker, shownOf(asked.store, rows, tenant, frontier));
      const toNode = transactionsOf(asked, rows, tenant, frontier);
      return rows.map((row) => ({ ...toNode(row), clearIdTag: () => shown(row.station, row.id_tag) }));
    });
  }
}

function toFilter(input: TransactionFilterInput): TransactionFilter {
  const { kind, ...given } = givenMembers(input);
  checkOrder(given, 'filter');
  return { ...given, ...(kind !== undefined && { kind: kind.map(fromEnum) as Kinds[number][] }) };
}

/** The tags of a page's transactions. */
const shownOf = (
  store: ShownOf['store'],
  rows: readonly TransactionAt[],
  tenant: string,
  frontier: ShownOf['frontier'],
): ShownOf => ({
  store,
  tenant,
  station: [...new Set(rows.map(({ station }) => station))],
  standIns: rows.map(({ id_tag }) => id_tag),
  frontier,
});
