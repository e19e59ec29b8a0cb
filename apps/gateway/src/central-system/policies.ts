import {
  type DecidedIdTag,
  DecidedPolicy,
  type IdTag,
  type IdTagList,
  type IdTagStatus,
  type Listing,
  over,
  recordedTag,
  type Registration,
} from '@chargeproof/central-system';
import { type Micros, recordKey, type Subject } from '@chargeproof/record';
import type { Sealer, Unsealer } from '../sealer.ts';
import { type FilePolicies, NO_FILES } from './file-policies.ts';
import { type AuthorizationData, localListOf } from './local-list.ts';
import { opened } from './opened.ts';

/** Who may boot and charge at the stations that are answered here, now. */
export type Policies = {
  readonly registrationOf: (station: Subject) => Registration;
  /** Whether something is said of that station, and not of all others. */
  readonly isNamed: (station: Subject) => boolean;
  readonly idTagsOf: (tenant: string) => IdTagList;
  /** For a station to keep; undefined where a tag in it cannot be opened here. */
  readonly localListOf: (tenant: string, now: Micros) => readonly AuthorizationData[] | undefined;
};

export type PolicyParts = {
  readonly files?: FilePolicies | undefined;
  /** As the log has it so far. */
  readonly decided?: Pick<DecidedPolicy, 'idTagsOf' | 'registrationsOf'>;
  /** Makes a tag what it is in a decision, which is how the two are compared. */
  readonly sealer: Sealer;
  readonly unseal: Unsealer;
};

/** What was decided holds over what the files say, entry by entry (decision 24). */
export function policiesOf(parts: PolicyParts): Policies {
  const { files = NO_FILES, decided = new DecidedPolicy(), sealer, unseal } = parts;
  const ownRegistrationOf = (subject: Subject) =>
    decided.registrationsOf(subject.tenant)?.stations.get(subject.station)?.registration ??
    files.stations().find(recordKey(subject));
  return {
    localListOf: (tenant, now) => localListOf(parts, tenant, now),
    registrationOf: (subject) =>
      ownRegistrationOf(subject) ??
      decided.registrationsOf(subject.tenant)?.others?.registration ??
      files.stations().others,
    isNamed: (subject) => ownRegistrationOf(subject) !== undefined,
    idTagsOf(tenant) {
      const said = decided.idTagsOf(tenant);
      const written = files.idTagsOf(tenant);
      if (said === undefined) return written;
      const above: Listing<IdTag, IdTagStatus | undefined> = {
        find(idTag) {
          if (said.idTags.size === 0) return undefined;
          const found = said.idTags.get(recordedTag(sealer, idTag));
          return found && withParent(found, unseal);
        },
        others: said.others?.status,
      };
      return over(above, written);
    },
  };
}

/** The station is told its parent in clear; of one that this gateway cannot open it is not told. */
function withParent(tag: DecidedIdTag, unseal: Unsealer): IdTag {
  const { parentIdTag: standIn, sealed, ...own } = tag;
  const parentIdTag = standIn === undefined ? undefined : opened(standIn, sealed?.parentIdTag, unseal);
  return { ...own, ...(parentIdTag !== undefined && { parentIdTag }) };
}
