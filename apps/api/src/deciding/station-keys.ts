import { variableName } from '@chargeproof/config';
import {
  CredentialsUnusable,
  hashCredential,
  type ListedCredential,
  listCredentials,
  newStationKey,
  putCredential,
  removeCredential,
  type SecurityProfile,
  stationKeyOf,
} from '@chargeproof/keyring';
import { NAME_RULE, nameFault, stationName, type Subject } from '@chargeproof/record';
import { GraphQLError } from 'graphql';
import { badInput } from '../asking/errors.ts';
import type { Log } from '../errors/log.ts';
import { checkText } from './who-decides.ts';

export type AddStationCredentialInput = {
  readonly tenant: string;
  readonly station: string;
  readonly profile?: number | null;
  readonly key?: string | null;
  readonly actor: string;
};
export type RemoveStationCredentialInput = Pick<AddStationCredentialInput, 'tenant' | 'station' | 'actor'>;

export type Added = {
  readonly credential: ListedCredential;
  readonly replaced: boolean;
  /** In hex, where it was made here. */
  readonly key: string | null;
};

/** The credentials file that gateways of this machine read. Who changed it is told in the log, never a key. */
export class StationKeys {
  readonly #file: string | undefined;
  readonly #log: Pick<Log, 'info'>;

  /** @param file absent where this process knows none */
  constructor(file: string | undefined, log: Pick<Log, 'info'>) {
    this.#file = file;
    this.#log = log;
  }

  /** @throws GraphQLError that says what to do */
  list(): Promise<readonly ListedCredential[]> {
    return this.#change(listCredentials);
  }

  /** @throws GraphQLError naming the member and the fix */
  async add(input: AddStationCredentialInput): Promise<Added> {
    const subject = subjectOf(input);
    const profile = profileOf(input);
    if (profile === 3) {
      if (typeof input.key === 'string')
        throw badInput('input.key', 'is none of profile 3: leave it out, the station shows its certificate');
      const replaced = await this.#change((file) => putCredential(file, subject, { profile }));
      this.#tell(input, subject, 'lets a station in by its certificate');
      return { credential: { station: subject, profile }, replaced, key: null };
    }
    const made = typeof input.key === 'string' ? undefined : newStationKey();
    const hash = await hashCredential(made ?? givenKey(input), true);
    const own = profile !== undefined && { profile };
    const replaced = await this.#change((file) => putCredential(file, subject, { hash, ...own }));
    this.#tell(input, subject, replaced ? 'gives a station another key' : 'lets a station in by a key');
    return { credential: { station: subject, ...own }, replaced, key: made?.toString('hex') ?? null };
  }

  /** @returns whether it had one. @throws GraphQLError naming the member and the fix */
  async remove(input: RemoveStationCredentialInput): Promise<boolean> {
    const subject = subjectOf(input);
    const had = await this.#change((file) => removeCredential(file, subject));
    if (had) this.#tell(input, subject, 'lets a station in no more');
    return had;
  }

  async #change<Result>(work: (file: string) => Promise<Result>): Promise<Result> {
    if (this.#file === undefined) {
      throw unavailable(
        `set ${variableName('gateway', 'credentials')} to the gateway's file, for this process too`,
      );
    }
    try {
      return await work(this.#file);
    } catch (error) {
      throw error instanceof CredentialsUnusable ? unavailable(error.message) : error;
    }
  }

  #tell({ actor }: RemoveStationCredentialInput, subject: Subject, what: string): void {
    this.#log.info({ actor, station: stationName(subject) }, what);
  }
}

function subjectOf({ tenant, station, actor }: RemoveStationCredentialInput): Subject {
  checkText('actor', actor);
  if (nameFault(station) !== undefined)
    throw badInput('input.station', `is none that can connect: ${NAME_RULE}`);
  if (nameFault(tenant) !== undefined) throw badInput('input.tenant', `is none that can be: ${NAME_RULE}`);
  return { tenant, station };
}

function profileOf({ profile }: AddStationCredentialInput): SecurityProfile | undefined {
  if (profile === undefined || profile === null) return undefined;
  const asked = ([1, 2, 3] as const).find((each) => each === profile);
  if (asked !== undefined) return asked;
  throw badInput('input.profile', 'is 1 (a key), 2 (a key over TLS only) or 3 (a certificate)');
}

/** The key is not repeated: what is wrong with it may be one digit. */
function givenKey({ key }: AddStationCredentialInput): Buffer {
  const given = stationKeyOf(key ?? '');
  if (given !== undefined) return given;
  throw badInput('input.key', 'takes 32 to 40 hex digits, an even number of them');
}

const unavailable = (why: string) =>
  new GraphQLError(`credentials of stations cannot be had here: ${why}`, {
    extensions: { code: 'UNAVAILABLE' },
  });
