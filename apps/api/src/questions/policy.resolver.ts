import type { IdTagsDecided, RegistrationDecided } from '@chargeproof/record';
import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { AskedContext } from '../asking/asked.ts';
import { type ListArguments, pageRequest, toConnection } from '../asking/list.ts';
import { Decider } from '../deciding/decide.ts';
import { checkMayDecide, type Exposed } from '../deciding/may-decide.ts';
import { decidedRow, readBack, toIdTag, toOtherIdTags, toRegistration } from '../policy/answer.ts';
import { PolicyFiles } from '../policy/files.ts';
import {
  ID_TAGS_ORDER,
  idTagsHolding,
  pageOf,
  REGISTRATIONS_ORDER,
  registrationsHolding,
} from '../policy/holding.ts';
import * as decisions from '../policy/request.ts';
import { Tags } from '../subjects/tags.ts';
import { EXPOSED } from '../tokens.ts';

type Listed = ListArguments & { readonly tenant: string };
type IdTagsArguments = Listed & { readonly idTag?: readonly string[] | null };
type RegistrationsArguments = Listed & { readonly station?: readonly string[] | null };

@Resolver()
export class PolicyResolver {
  readonly #decider: Decider;
  readonly #exposed: Exposed;
  readonly #files: PolicyFiles;
  readonly #tags: Tags;

  constructor(
    @Inject(Decider) decider: Decider,
    @Inject(EXPOSED) exposed: Exposed,
    @Inject(PolicyFiles) files: PolicyFiles,
    @Inject(Tags) tags: Tags,
  ) {
    this.#decider = decider;
    this.#exposed = exposed;
    this.#files = files;
    this.#tags = tags;
  }

  @Query('idTags')
  async idTags(@Args() { tenant, idTag, ...list }: IdTagsArguments, @Context() { asked }: AskedContext) {
    const wanted = await this.#tags.standInsOf(idTag, 'idTag');
    const request = await pageRequest(asked, ID_TAGS_ORDER, list);
    const { rows, others } = await idTagsHolding({
      store: asked.store,
      tenant,
      request,
      files: this.#filesOf(list),
    });
    const found = wanted === undefined ? rows : rows.filter((row) => wanted.includes(row.idTag));
    const page = pageOf(found, ID_TAGS_ORDER, request);
    const nodes = page.rows.map((row) => toIdTag(tenant, row));
    return {
      ...toConnection(page, nodes, () => Promise.resolve(BigInt(found.length))),
      others: toOtherIdTags(others.status, others.source),
    };
  }

  @Query('registrations')
  async registrations(
    @Args() { tenant, station, ...list }: RegistrationsArguments,
    @Context() { asked }: AskedContext,
  ) {
    const request = await pageRequest(asked, REGISTRATIONS_ORDER, list);
    const { rows, others } = await registrationsHolding({
      store: asked.store,
      tenant,
      request,
      files: this.#filesOf(list),
    });
    const found = station ? rows.filter((row) => station.includes(row.station ?? '')) : rows;
    const page = pageOf(found, REGISTRATIONS_ORDER, request);
    const nodes = page.rows.map((row) => toRegistration(tenant, row));
    return {
      ...toConnection(page, nodes, () => Promise.resolve(BigInt(found.length))),
      others: toRegistration(tenant, others),
    };
  }

  @Mutation('setIdTag')
  setIdTag(@Args('input') input: decisions.SetIdTagInput, @Context() context: AskedContext) {
    return this.#decideTags(input.tenant, context, () => decisions.idTagDecided(input));
  }

  @Mutation('removeIdTag')
  removeIdTag(@Args('input') input: decisions.RemoveIdTagInput, @Context() context: AskedContext) {
    return this.#decideTags(input.tenant, context, () => decisions.idTagDecided(input));
  }

  @Mutation('setOtherIdTags')
  setOtherIdTags(@Args('input') input: decisions.SetOtherIdTagsInput, @Context() context: AskedContext) {
    return this.#decideTags(input.tenant, context, () => decisions.otherIdTagsSet(input));
  }

  @Mutation('setIdTags')
  setIdTags(@Args('input') input: decisions.SetIdTagsInput, @Context() context: AskedContext) {
    return this.#decideTags(input.tenant, context, () => decisions.idTagsSet(input));
  }

  @Mutation('setRegistration')
  setRegistration(@Args('input') input: decisions.SetRegistrationInput, @Context() context: AskedContext) {
    return this.#decideRegistration(input, context);
  }

  @Mutation('removeRegistration')
  removeRegistration(@Args('input') input: decisions.SetRegistrationInput, @Context() context: AskedContext) {
    return this.#decideRegistration(input, context);
  }

  @Mutation('setOtherRegistrations')
  setOtherRegistrations(
    @Args('input') input: decisions.SetRegistrationInput,
    @Context() context: AskedContext,
  ) {
    return this.#decideRegistration(input, context);
  }

  async #decideTags(tenant: string, { request }: AskedContext, payloadOf: () => IdTagsDecided) {
    checkMayDecide(request, this.#exposed);
    const payload = payloadOf();
    const time = Date.now() * 1000;
    const { decision, part, actor, why: reason = null } = payload;
    const record = await this.#decider.policyOf('platform.id-tags-decided.v1', payload, {
      tenant,
      decision,
      part,
      time,
    });
    await this.#decider.append(record);
    const { idTags, others } = readBack(record, time).idTagsOf(tenant) ?? {};
    return {
      id: decision,
      tenant,
      idTags: [...(idTags?.values() ?? [])].map((each) => toIdTag(tenant, decidedRow(each))),
      others: others === undefined ? null : toOtherIdTags(others.status, others.by),
      actor,
      reason,
    };
  }

  async #decideRegistration(input: decisions.SetRegistrationInput, { request }: AskedContext) {
    checkMayDecide(request, this.#exposed);
    const { tenant, station } = input;
    const payload: RegistrationDecided = decisions.registrationSet(input);
    const { decision, actor, why: reason = null } = payload;
    const time = Date.now() * 1000;
    const about = { tenant, station, decision, time };
    const record = await this.#decider.policyOf('platform.registration-decided.v1', payload, about);
    await this.#decider.append(record);
    const { stations, others } = readBack(record, time).registrationsOf(tenant) ?? {};
    const found = station === undefined ? others : stations?.get(station);
    const row = found && { station: station ?? null, registration: found.registration, source: found.by };
    return {
      id: decision,
      registration: row === undefined ? null : toRegistration(tenant, row),
      tenant,
      station: station ?? null,
      actor,
      reason,
    };
  }

  /** Files are no part of the record: they are as they are now. */
  #filesOf({ asOf }: ListArguments): PolicyFiles | undefined {
    return asOf === undefined || asOf === null ? this.#files : undefined;
  }
}
