import { type ExchangeFilter, exchangeList, type Outcome } from '@chargeproof/projections';
import type { Direction, Micros } from '@chargeproof/record';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { toExchange } from '../answers/exchange.ts';
import type { AskedContext } from '../asking/asked.ts';
import { fromEnum, givenMembers } from '../asking/enums.ts';
import { answerList, type ListArguments } from '../asking/list.ts';
import { checkOrder } from '../asking/period.ts';
import { EVERYTHING } from './frame-filter.ts';

type ExchangeFilterInput = {
  readonly tenant: string;
  readonly station?: readonly string[] | null;
  readonly connection?: string | null;
  readonly direction?: string | null;
  readonly action?: readonly string[] | null;
  readonly messageId?: string | null;
  readonly outcome?: readonly string[] | null;
  readonly from?: Micros | null;
  readonly to?: Micros | null;
};
type ExchangesArguments = ListArguments & { readonly filter?: ExchangeFilterInput | null };

@Resolver()
export class ExchangesResolver {
  @Query('exchanges')
  async exchanges(
    @Args() { filter: input, ...list }: ExchangesArguments,
    @Context() { asked }: AskedContext,
  ) {
    const filter = toFilter(input ?? EVERYTHING);
    return answerList(asked, exchangeList, { ...list, filter }, ({ rows, frontier }) =>
      rows.map((row) => toExchange(asked, row, frontier)),
    );
  }
}

function toFilter(input: ExchangeFilterInput): ExchangeFilter {
  const { direction, outcome, ...given } = givenMembers(input);
  checkOrder(given, 'filter');
  return {
    ...given,
    ...(direction !== undefined && { direction: fromEnum(direction) as Direction }),
    ...(outcome !== undefined && { outcome: outcome.map((one) => fromEnum(one) as Outcome) }),
  };
}
