import { type StatusFilter, statusList } from '@chargeproof/projections';
import type { Micros } from '@chargeproof/record';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { toStatusInterval } from '../answers/status.ts';
import type { AskedContext } from '../asking/asked.ts';
import { givenMembers } from '../asking/enums.ts';
import { answerList, type ListArguments } from '../asking/list.ts';
import { checkOrder } from '../asking/period.ts';

type TimelineArguments = ListArguments & {
  readonly tenant: string;
  readonly station?: readonly string[] | null;
  readonly connector?: number | null;
  readonly from?: Micros | null;
  readonly to?: Micros | null;
};

@Resolver()
export class StatusResolver {
  @Query('statusTimeline')
  async statusTimeline(
    @Args() { first, after, asOf, ...input }: TimelineArguments,
    @Context() { asked }: AskedContext,
  ) {
    const filter: StatusFilter = givenMembers(input);
    checkOrder(filter);
    const wanted = { first, after, asOf, filter };
    return answerList(asked, statusList, wanted, ({ rows, frontier }) =>
      rows.map((row) => toStatusInterval(asked, row, frontier)),
    );
  }
}
