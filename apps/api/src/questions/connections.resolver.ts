import {
  type ConnectionFilter,
  type ConnectionRow,
  connectionList,
  type ConnectionState,
  type Frontier,
} from '@chargeproof/projections';
import type { Micros } from '@chargeproof/record';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { microsOrNull } from '../answers/columns.ts';
import { evidenceOfIds } from '../answers/evidence.ts';
import type { Asked, AskedContext } from '../asking/asked.ts';
import { fromEnum, givenMembers, orNull, toEnum } from '../asking/enums.ts';
import { answerList, type ListArguments } from '../asking/list.ts';
import { checkOrder } from '../asking/period.ts';

type ConnectionsArguments = ListArguments & {
  readonly tenant: string;
  readonly station?: readonly string[] | null;
  readonly state?: readonly string[] | null;
  readonly from?: Micros | null;
  readonly to?: Micros | null;
};

@Resolver()
export class ConnectionsResolver {
  @Query('connections')
  async connections(
    @Args() { first, after, asOf, ...input }: ConnectionsArguments,
    @Context() { asked }: AskedContext,
  ) {
    const wanted = { first, after, asOf, filter: toFilter(input) };
    return answerList(asked, connectionList, wanted, ({ rows, frontier }) =>
      rows.map((row) => toConnectionOfStation(asked, row, frontier)),
    );
  }
}

function toFilter(input: Omit<ConnectionsArguments, keyof ListArguments>): ConnectionFilter {
  const { state, ...given } = givenMembers(input);
  checkOrder(given);
  return {
    ...given,
    ...(state !== undefined && { state: state.map((one) => fromEnum(one) as ConnectionState) }),
  };
}

function toConnectionOfStation(asked: Asked, row: ConnectionRow, frontier: Frontier) {
  return {
    id: row.connection,
    tenant: row.tenant,
    station: row.station,
    state: toEnum(row.state),
    openedAt: Number(row.opened_us),
    closedAt: microsOrNull(row.closed_us),
    code: row.code,
    reason: row.why,
    endedBy: orNull(row.by),
    subprotocol: row.subprotocol,
    run: row.run,
    previous: row.previous,
    remoteAddress: row.remote_address,
    framesFromStation: row.frames_from_station,
    framesToStation: row.frames_to_station,
    evidence: evidenceOfIds(asked, row, frontier, [row.opened_record, row.ended_record]),
  };
}
