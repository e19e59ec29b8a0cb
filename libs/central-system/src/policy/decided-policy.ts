import {
  type IdTagsDecided,
  isOfPolicy,
  type LoggedRecord,
  type Micros,
  type PolicyType,
  readPayload,
  type RegistrationDecided,
  type SealedValue,
} from '@chargeproof/record';
import { type DecidedEntry, entriesOf, isIdTagStatus } from './decided-entries.ts';
import type { IdTag, IdTagStatus } from './id-tags.ts';
import { PartedLists } from './parted-lists.ts';
import {
  chained,
  entriesIn,
  type IdTagsLine,
  lineOfPart,
  linesOf,
  type PolicyLine,
  type RegistrationLine,
} from './policy-lines.ts';
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

  /** @param lines of a policy that was kept: with what the log has behind them it comes to what all of it does */
  static of(lines: Iterable<PolicyLine>): DecidedPolicy {
    const policy = new DecidedPolicy();
    for (const line of lines) {
      if ('registration' in line) ofTenant(policy.#stations, line.tenant, TenantStations).restore(line);
      else ofTenant(policy.#tags, line.tenant, TenantTags).restore(line);
    }
    return policy;
  }

  /** All that it has come to, as it is now: what is taken while they are read is not in them. */
  lines(): Iterable<PolicyLine> {
    const tags = [...this.#tags].map(([tenant, kept]) => kept.lines(tenant));
    const stations = [...this.#stations].map(([tenant, kept]) => kept.lines(tenant));
    return chained([...tags, ...stations]);
  }

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

  lines(tenant: string): Iterable<PolicyLine> {
    return chained([
      linesOf(tenant, [...this.idTags.values()]),
      this.#lists.begun().map((part) => lineOfPart(tenant, part)),
      this.others === undefined ? [] : [{ tenant, otherIdTags: this.others }],
    ]);
  }

  restore(line: IdTagsLine): void {
    if ('otherIdTags' in line) this.others = line.otherIdTags;
    else if ('list' in line) this.#lists.put(line.list, line.part, entriesIn(line));
    else this.#put(entriesIn(line));
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

  lines(tenant: string): Iterable<PolicyLine> {
    const own = [...this.stations].map(([station, registration]) => ({ tenant, station, registration }));
    return this.others === undefined ? own : [...own, { tenant, registration: this.others }];
  }

  restore({ station, registration }: RegistrationLine): void {
    if (station === undefined) this.others = registration;
    else this.stations.set(station, registration);
  }
}

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
