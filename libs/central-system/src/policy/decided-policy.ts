import {
  type DecidedAuthorization,
  type IdTagsDecided,
  isOfPolicy,
  type LoggedRecord,
  type Micros,
  type PolicyType,
  readPayload,
  type RegistrationDecided,
  type SealedValue,
  standInsOf,
} from '@chargeproof/record';
import { ID_TAG_STATUSES, type IdTag, type IdTagStatus, timeOf } from './id-tags.ts';
import { PartedLists } from './parted-lists.ts';
import { type Registration, registrationOf } from './registration.ts';

/** Who decided something, when by the log's clock, and why. */
export type DecidedBy = {
  readonly decision: string;
  readonly actor: string;
  readonly why?: string | undefined;
  readonly at: Micros;
};

export type DecidedIdTag = IdTag & {
  /** As it stands in the record: its stand-in. */
  readonly idTag: string;
  /** What opens it and its parent, where the record was read with what is sealed in it. */
  readonly sealed?: {
    readonly idTag?: SealedValue | undefined;
    readonly parentIdTag?: SealedValue | undefined;
  };
  readonly by: DecidedBy;
};
export type DecidedRegistration = { readonly registration: Registration; readonly by: DecidedBy };

/** What is decided of one tenant's tags. */
export type DecidedIdTags = {
  /** By stand-in. */
  readonly idTags: ReadonlyMap<string, DecidedIdTag>;
  readonly others?: { readonly status: IdTagStatus; readonly by: DecidedBy } | undefined;
};
/** And of its stations. */
export type DecidedRegistrations = {
  readonly stations: ReadonlyMap<string, DecidedRegistration>;
  readonly others?: DecidedRegistration | undefined;
};

/** A record of `platform.decisions`, as far as it is read here. */
export type PolicySaid = Pick<LoggedRecord, 'attributes' | 'value' | 'loggedAt'>;

/**
 * Who may boot and charge as the records that were taken decide it, in log order: the last word on a tag or a
 * station holds. One fold for the gateways that answer by it and for whoever asks. What cannot be read decides
 * nothing, whoever wrote it.
 */
export class DecidedPolicy {
  readonly #tags = new Map<string, TenantTags>();
  readonly #stations = new Map<string, TenantStations>();

  take(said: PolicySaid): void {
    const { type, tenant, subject } = said.attributes;
    if (!isOfPolicy(type)) return;
    const payload = payloadOf(type, said.value);
    if (payload === undefined) return;
    const { decision, actor, why } = payload;
    const by = { decision, actor, why, at: said.loggedAt };
    if ('updateType' in payload) ofTenant(this.#tags, tenant, TenantTags).take(payload, by, said);
    else ofTenant(this.#stations, tenant, TenantStations).take(payload, by, subject);
  }

  /** Undefined where nothing was ever decided of a tenant's tags. */
  idTagsOf(tenant: string): DecidedIdTags | undefined {
    return this.#tags.get(tenant);
  }

  registrationsOf(tenant: string): DecidedRegistrations | undefined {
    return this.#stations.get(tenant);
  }
}

class TenantTags implements DecidedIdTags {
  idTags = new Map<string, DecidedIdTag>();
  others: DecidedIdTags['others'];
  readonly #lists = new PartedLists<readonly DecidedEntry[]>();

  take(payload: IdTagsDecided, by: DecidedBy, said: PolicySaid): void {
    const { updateType, localAuthorizationList, others } = payload;
    if (others === null) this.others = undefined;
    else if (isIdTagStatus(others)) this.others = { status: others, by };
    const entries = entriesOf(localAuthorizationList, by, said);
    if (updateType === 'Differential') this.#put(entries);
    if (updateType !== 'Full') return;
    const parts = this.#lists.add(payload, entries);
    if (parts === undefined) return;
    this.idTags = new Map();
    for (const part of parts) this.#put(part);
  }

  #put(entries: readonly DecidedEntry[]): void {
    for (const [idTag, decided] of entries) {
      if (decided === undefined) this.idTags.delete(idTag);
      else this.idTags.set(idTag, decided);
    }
  }
}

class TenantStations implements DecidedRegistrations {
  readonly stations = new Map<string, DecidedRegistration>();
  others: DecidedRegistrations['others'];

  take({ registration }: RegistrationDecided, by: DecidedBy, station: string | undefined): void {
    const decided = registration && registrationOf(registration);
    if (registration !== undefined && decided === undefined) return;
    const entry = decided && { registration: decided, by };
    if (station === undefined) this.others = entry;
    else if (entry === undefined) this.stations.delete(station);
    else this.stations.set(station, entry);
  }
}

/** A tag, and what is decided of it; undefined: nothing any more. */
type DecidedEntry = readonly [idTag: string, decided: DecidedIdTag | undefined];

function entriesOf(
  list: readonly DecidedAuthorization[],
  by: DecidedBy,
  { value, attributes: { sealed } }: PolicySaid,
): readonly DecidedEntry[] {
  const sealedAs = sealed && new Map(standInsOf(value, sealed));
  return list.flatMap(({ idTag, idTagInfo }): readonly DecidedEntry[] => {
    if (typeof idTag !== 'string' || idTag === '') return [];
    // What a deployment does not seal stands there as it is written.
    const name = idTag.toLowerCase();
    if (idTagInfo === undefined) return [[name, undefined]];
    const info = infoOf(idTagInfo);
    if (info === undefined) return [];
    const opens = sealedAs && {
      idTag: sealedAs.get(idTag),
      parentIdTag: sealedAs.get(info.parentIdTag ?? ''),
    };
    return [[name, { ...info, idTag, by, ...(opens && { sealed: opens }) }]];
  });
}

/** Undefined where the status or the time is none. */
function infoOf({
  status,
  expiryDate,
  parentIdTag,
  concurrentTransactions,
}: NonNullable<DecidedAuthorization['idTagInfo']>): IdTag | undefined {
  const expires = expiryDate === undefined ? undefined : timeOf(expiryDate);
  if (!isIdTagStatus(status) || (expiryDate !== undefined && expires === undefined)) return undefined;
  return {
    status,
    concurrentTransactions: concurrentTransactions === true,
    ...(expires !== undefined && { expires }),
    ...(typeof parentIdTag === 'string' && parentIdTag !== '' && { parentIdTag }),
  };
}

const isIdTagStatus = (word: unknown): word is IdTagStatus =>
  ID_TAG_STATUSES.some((status) => status === word);

function payloadOf(type: PolicyType, value: Uint8Array): IdTagsDecided | RegistrationDecided | undefined {
  try {
    const payload = readPayload(type, value);
    if (typeof payload.decision !== 'string' || typeof payload.actor !== 'string') return undefined;
    const isOfTags = type === 'platform.id-tags-decided.v1';
    if (isOfTags !== 'updateType' in payload) return undefined;
    return !('updateType' in payload) || Array.isArray(payload.localAuthorizationList) ? payload : undefined;
  } catch {
    return undefined;
  }
}

function ofTenant<Kept>(all: Map<string, Kept>, tenant: string, Made: new () => Kept): Kept {
  const kept = all.get(tenant) ?? new Made();
  all.set(tenant, kept);
  return kept;
}
