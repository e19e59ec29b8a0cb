import type { ListedCredential } from '@chargeproof/keyring';
import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { AskedContext } from '../asking/asked.ts';
import { checkMayDecide, type Exposed } from '../deciding/may-decide.ts';
import {
  type AddStationCredentialInput,
  type RemoveStationCredentialInput,
  StationKeys,
} from '../deciding/station-keys.ts';
import { EXPOSED } from '../tokens.ts';

@Resolver()
export class CredentialsResolver {
  readonly #keys: StationKeys;
  readonly #exposed: Exposed;

  constructor(@Inject(StationKeys) keys: StationKeys, @Inject(EXPOSED) exposed: Exposed) {
    this.#keys = keys;
    this.#exposed = exposed;
  }

  @Query('stationCredentials')
  async stationCredentials() {
    return (await this.#keys.list()).map(toCredential);
  }

  @Mutation('addStationCredential')
  async addStationCredential(
    @Args('input') input: AddStationCredentialInput,
    @Context() { request }: AskedContext,
  ) {
    checkMayDecide(request, this.#exposed);
    const { credential, ...added } = await this.#keys.add(input);
    return { credential: toCredential(credential), ...added };
  }

  @Mutation('removeStationCredential')
  async removeStationCredential(
    @Args('input') input: RemoveStationCredentialInput,
    @Context() { request }: AskedContext,
  ) {
    checkMayDecide(request, this.#exposed);
    return this.#keys.remove(input);
  }
}

const toCredential = ({ station: subject, profile }: ListedCredential) => ({
  ...subject,
  profile: profile ?? null,
});
