import { type FactFilter, stationList } from '@chargeproof/projections';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { stationsOf } from '../answers/station.ts';
import type { AskedContext } from '../asking/asked.ts';
import { givenMembers } from '../asking/enums.ts';
import { answerList, type ListArguments } from '../asking/list.ts';

type StationsArguments = ListArguments & {
  readonly tenant: string;
  readonly station?: readonly string[] | null;
};

@Resolver()
export class StationsResolver {
  @Query('stations')
  async stations(
    @Args() { first, after, asOf, ...input }: StationsArguments,
    @Context() { asked }: AskedContext,
  ) {
    const filter: FactFilter = givenMembers(input);
    const wanted = { first, after, asOf, filter };
    return answerList(asked, stationList, wanted, ({ rows, frontier }) =>
      rows.map(stationsOf(asked, rows, filter.tenant, frontier)),
    );
  }
}
