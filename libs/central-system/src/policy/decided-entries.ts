import { type DecidedAuthorization, standInsOf } from '@chargeproof/record';
import type { DecidedBy, DecidedIdTag, PolicySaid } from './decided-policy.ts';
import { ID_TAG_STATUSES, type IdTag, type IdTagStatus, timeOf } from './id-tags.ts';

/** A tag, and what is decided of it; undefined: nothing any more. */
export type DecidedEntry = readonly [idTag: string, decided: DecidedIdTag | undefined];

/** What one record says of tags. */
export function entriesOf(
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

export const isIdTagStatus = (word: unknown): word is IdTagStatus =>
  ID_TAG_STATUSES.some((status) => status === word);
