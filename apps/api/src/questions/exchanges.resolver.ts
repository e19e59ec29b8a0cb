import {
  countExchanges,
  type ExchangeFilter,
  type ExchangeRow,
  EXCHANGES_ORDER,
  exchangesAt,
  type Frontier,
  type Outcome,
} from '@chargeproof/projections';
import type { Direction, Micros } from '@chargeproof/record';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { evidenceOfIds } from '../answers/evidence.ts';
import { frameOf } from '../answers/frame.ts';
import { microsOrNull } from '../answers/columns.ts';
import type { Asked, AskedContext } from '../asking/asked.ts';
import { fromEnum, givenMembers, toEnum } from '../asking/enums.ts';
import { type ListArguments, pageRequest, toConnection } from '../asking/list.ts';
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
    const request = await pageRequest(asked, EXCHANGES_ORDER, list);
    return toConnection(
      await exchangesAt(asked.store, { filter, ...request }),
      (row) => toExchange(asked, row, request.frontier),
      () => countExchanges(asked.store, filter, request.frontier),
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

function toExchange(asked: Asked, row: ExchangeRow, frontier: Frontier) {
  return {
    id: row.exchange,
    tenant: row.tenant,
    station: row.station,
    connection: row.connection,
    direction: toEnum(row.direction),
    messageId: row.message_id,
    action: row.action,
    outcome: toEnum(row.outcome),
    errorCode: row.error_code,
    calledAt: microsOrNull(row.called_us),
    answeredAt: microsOrNull(row.answered_us),
    latencyMicros: row.latency,
    call: frameOf(asked, row, frontier, row.call_record),
    answer: frameOf(asked, row, frontier, row.answer_record),
    evidence: evidenceOfIds(asked, row, frontier, [row.call_record, row.answer_record]),
  };
}
