import { followCommand } from '@chargeproof/central-system';
import { type CommandFilter, commandList, type CommandRow } from '@chargeproof/projections';
import type { CommandRequested, Micros } from '@chargeproof/record';
import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { toCommand } from '../answers/command.ts';
import type { Asked, AskedContext } from '../asking/asked.ts';
import { givenMembers } from '../asking/enums.ts';
import { badInput } from '../asking/errors.ts';
import { answerList, type ListArguments } from '../asking/list.ts';
import { checkOrder } from '../asking/period.ts';
import { commandRequested, type RequestCommandInput } from '../deciding/command-request.ts';
import { fullList, limitOf } from '../deciding/local-list.ts';
import { Decider } from '../deciding/decide.ts';
import { checkMayDecide, type Exposed } from '../deciding/may-decide.ts';
import { EXPOSED } from '../tokens.ts';
import { EVERYTHING } from './frame-filter.ts';

type CommandFilterInput = {
  readonly tenant: string;
  readonly id?: readonly string[] | null;
  readonly station?: readonly string[] | null;
  readonly action?: readonly string[] | null;
  readonly actor?: readonly string[] | null;
  readonly from?: Micros | null;
  readonly to?: Micros | null;
};
type CommandsArguments = ListArguments & { readonly filter?: CommandFilterInput | null };
type CommandArguments = { readonly id: string; readonly tenant: string; readonly asOf?: string | null };

@Resolver()
export class CommandsResolver {
  readonly #decider: Decider;
  readonly #exposed: Exposed;

  constructor(@Inject(Decider) decider: Decider, @Inject(EXPOSED) exposed: Exposed) {
    this.#decider = decider;
    this.#exposed = exposed;
  }

  @Query('commands')
  async commands(@Args() { filter: input, ...list }: CommandsArguments, @Context() { asked }: AskedContext) {
    const filter: CommandFilter = givenMembers(input ?? EVERYTHING);
    checkOrder(filter, 'filter');
    return answerList(asked, commandList, { ...list, filter }, ({ rows, frontier }) =>
      rows.map((row) => toCommand(asked, row, frontier)),
    );
  }

  @Query('command')
  async command(@Args() { id, tenant, asOf }: CommandArguments, @Context() { asked }: AskedContext) {
    const row = await known(asked, tenant, id, asOf);
    return row === undefined ? null : toCommand(asked, row, await asked.at(asOf));
  }

  @Mutation('requestCommand')
  async requestCommand(
    @Args('input') input: RequestCommandInput,
    @Context() { asked, request }: AskedContext,
  ) {
    checkMayDecide(request, this.#exposed);
    const now = Date.now() * 1000;
    const { subject, requested } = await this.#requested(input, now, asked);
    const record = await this.#decider.requestOf(subject, requested, now);
    // As a gateway will read it: what is a secret is none any more.
    const standing = followCommand(undefined, { ...record, loggedAt: now });
    if (standing === undefined) throw new TypeError('a request of ours that cannot be read');
    const row = { ...subject, standing };
    const before = await known(asked, subject.tenant, requested.command, undefined);
    if (before !== undefined && !isSame(before, row))
      throw badInput('input.id', 'is that of another command; take a new one');
    if (before === undefined) await this.#decider.append(record);
    return toCommand(asked, before ?? row, await asked.at(undefined));
  }

  async #requested(input: RequestCommandInput, now: Micros, asked: Asked) {
    if (!input.fromPolicy) return commandRequested(input, now);
    const { subject, requested } = commandRequested(fullList(input, now), now);
    const fromPolicy = await limitOf(asked.store, subject, await asked.at(undefined));
    return { subject, requested: { ...requested, fromPolicy } };
  }
}

async function known(asked: Asked, tenant: string, id: string, asOf: string | null | undefined) {
  const frontier = await asked.at(asOf);
  const { rows } = await commandList.page(asked.store, { filter: { tenant, id: [id] }, first: 1, frontier });
  return rows[0];
}

/** Whether both ask the same of the same station, whoever asks and until when. */
function isSame(a: Pick<CommandRow, 'standing'>, b: Pick<CommandRow, 'standing'>): boolean {
  const asks = ({ standing: { key, requested } }: Pick<CommandRow, 'standing'>) =>
    JSON.stringify([key, requested.protocol, requested.action, payloadOf(requested)]);
  return asks(a) === asks(b);
}

/** The version of a list that is made when it is sent is the time at which it was asked for. */
const payloadOf = ({ payload, fromPolicy }: CommandRequested) =>
  fromPolicy === undefined ? payload : { fromPolicy: true };
