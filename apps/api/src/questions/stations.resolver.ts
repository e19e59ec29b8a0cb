import { countStations, type FactFilter, STATIONS_ORDER, stationsAt } from '@chargeproof/projections';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { stationsOf } from '../answers/station.ts';
import type { AskedContext } from '../asking/asked.ts';
import { givenMembers } from '../asking/enums.ts';
import { type ListArguments, pageRequest, toConnection } from '../asking/list.ts';

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
    const request = await pageRequest(asked, STATIONS_ORDER, { first, after, asOf });
    const page = await stationsAt(asked.store, { filter, ...request });
    return toConnection(page, stationsOf(asked, page.rows, filter.tenant, request.frontier), () =>
      countStations(asked.store, filter, request.frontier),
    );
  }
}
