import { type DecidedIdTag, type IdTag, recordedTag, verdictOn } from '@chargeproof/central-system';
import type { Micros } from '@chargeproof/record';
import { type FilePolicies, NO_FILES } from './file-policies.ts';
import { opened } from './opened.ts';
import type { PolicyParts } from './policies.ts';

/** OCPP 1.6's AuthorizationData (7.1). */
export type AuthorizationData = {
  readonly idTag: string;
  readonly idTagInfo: {
    readonly status: string;
    readonly expiryDate?: string;
    readonly parentIdTag?: string;
  };
};

/** The longest tag of OCPP 1.6 (7.28): others would make a station refuse the whole list. */
const LONGEST = 20;

/**
 * What holds of a tenant's tags, in clear and as their spellings were last said, for a station's local list (OCPP 1.6,
 * 5.15). @returns undefined where one of them cannot be opened by this gateway's keys
 */
export function localListOf(
  { files = NO_FILES, decided, sealer, unseal }: PolicyParts,
  tenant: string,
  now: Micros,
): readonly AuthorizationData[] | undefined {
  const said = decided?.idTagsOf(tenant)?.idTags ?? new Map<string, DecidedIdTag>();
  const list = filedList(files, tenant, (idTag) => said.has(recordedTag(sealer, idTag)));
  for (const tag of said.values()) {
    const idTag = opened(tag.idTag, tag.sealed?.idTag, unseal);
    if (idTag === undefined) return undefined;
    const { parentIdTag: standIn, ...info } = tag;
    const parentIdTag = standIn && opened(standIn, tag.sealed?.parentIdTag, unseal);
    list.push([idTag, { ...info, ...(parentIdTag !== undefined && { parentIdTag }) }]);
  }
  return list.filter(([idTag]) => idTag.length <= LONGEST).map(([idTag, info]) => dataOf(idTag, info, now));
}

const filedList = (
  files: FilePolicies,
  tenant: string,
  isDecided: (idTag: string) => boolean,
): (readonly [string, IdTag])[] => files.idTagsOf(tenant).all.filter(([idTag]) => !isDecided(idTag));

function dataOf(idTag: string, info: IdTag, now: Micros): AuthorizationData {
  const { status, expiryDate, parentIdTag } = verdictOn({ find: () => info, others: 'Invalid' }, idTag, now);
  return {
    idTag,
    idTagInfo: {
      status,
      ...(expiryDate !== undefined && { expiryDate }),
      ...(parentIdTag !== undefined && parentIdTag !== '' && { parentIdTag }),
    },
  };
}
