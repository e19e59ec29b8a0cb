import { caseless } from '@chargeproof/ocpp';
import type { Micros } from '@chargeproof/record';
import type { Listing } from './listing.ts';
import { entriesOf, membersOf, oneOf, PolicyFault } from './policy-file.ts';

/** What an operator may say of a tag; ConcurrentTx is found out (OCPP 1.6, 7.2). */
export const ID_TAG_STATUSES = ['Accepted', 'Blocked', 'Expired', 'Invalid'] as const;
export type IdTagStatus = (typeof ID_TAG_STATUSES)[number];

export type IdTag = {
  readonly status: IdTagStatus;
  readonly expires?: Micros;
  readonly parentIdTag?: string;
  /** Whether it may charge at several connectors at once. */
  readonly concurrentTransactions: boolean;
};

/** Tags are found in any case of letters (OCPP 1.6, 3.5). */
export type IdTagList = Listing<IdTag, IdTagStatus>;
/** A tag belongs to a tenant. */
export type IdTagPolicy = {
  readonly tenants: ReadonlyMap<string, WrittenIdTags>;
  readonly others: WrittenIdTags;
};
/** As a file has them. */
export type WrittenIdTags = IdTagList & {
  /** As each is spelled there. */
  readonly all: readonly (readonly [idTag: string, info: IdTag])[];
};

const writtenIdTags = (all: WrittenIdTags['all'], others: IdTagStatus): WrittenIdTags => {
  const tags = new Map(all.map(([idTag, info]) => [caseless(idTag), info]));
  return { all, others, find: (idTag) => tags.get(caseless(idTag)) };
};

export const EVERY_ID_TAG = writtenIdTags([], 'Accepted');
export const OPEN_ID_TAGS: IdTagPolicy = { tenants: new Map(), others: EVERY_ID_TAG };

export type IdTagVerdict = {
  readonly status: IdTagStatus;
  /** As the station is told it. */
  readonly expiryDate?: string;
  readonly parentIdTag?: string;
  readonly isListed: boolean;
  /** The tag, where it is listed as one that charges at one place at a time. */
  readonly single?: string;
};

const isoTime = (micros: Micros) => new Date(Math.floor(micros / 1000)).toISOString();

/** What a tag is at that time. An empty one, and one that is no string, is Invalid in every list. */
export function verdictOn({ find, others }: IdTagList, idTag: unknown, now: Micros): IdTagVerdict {
  if (typeof idTag !== 'string' || idTag === '') return { status: 'Invalid', isListed: false };
  const tag = find(idTag);
  if (tag === undefined) return { status: others, isListed: false };
  const { expires, parentIdTag, concurrentTransactions } = tag;
  const isOver = tag.status === 'Accepted' && expires !== undefined && expires <= now;
  return {
    status: isOver ? 'Expired' : tag.status,
    ...(expires !== undefined && { expiryDate: isoTime(expires) }),
    ...(parentIdTag !== undefined && { parentIdTag }),
    isListed: true,
    ...(!concurrentTransactions && { single: idTag }),
  };
}

export const listOf = ({ tenants, others }: IdTagPolicy, tenant: string): WrittenIdTags =>
  tenants.get(tenant) ?? others;

/**
 * Reads `{"others": "Invalid", "idTags": {"TAG": "Accepted", "TAG2": {"status": "Accepted", "expiryDate": "…",
 * "parentIdTag": "…", "concurrentTransactions": true}}, "tenants": {"acme": {"others": …, "idTags": …}}}`. What
 * stands at the top is of the tenant `default`, and its `others` of every tenant without a list.
 * @throws PolicyFault naming the entry by its place, because a tag is nobody else's business
 */
export function readIdTagPolicy(json: unknown, defaultTenant: string): IdTagPolicy {
  const { tenants = {}, ...top } = membersOf(json, ['others', 'idTags', 'tenants']);
  const own = readList(top, 'the file');
  const lists = entriesOf(tenants, 'tenants').map(
    ([tenant, value]) => [tenant, readList(value, `tenants."${tenant}"`)] as const,
  );
  return {
    tenants: new Map([[defaultTenant, own], ...lists]),
    others: writtenIdTags([], own.others),
  };
}

function readList(json: unknown, where: string): WrittenIdTags {
  const { others = 'Invalid', idTags = {} } = membersOf(json, ['others', 'idTags'], where);
  const tags = new Map<string, readonly [string, IdTag]>();
  entriesOf(idTags, 'idTags').forEach(([idTag, value], index) => {
    const place = `entry ${index + 1} of idTags`;
    const name = caseless(idTag);
    if (idTag.length < 1 || idTag.length > LONGEST_TOKEN)
      throw new PolicyFault(`${place}: a tag has 1 to ${LONGEST_TOKEN} characters`);
    if (tags.has(name)) throw new PolicyFault(`${place} is there twice but for the case of its letters`);
    tags.set(name, [idTag, readTag(value, place)]);
  });
  return writtenIdTags([...tags.values()], oneOf(ID_TAG_STATUSES, others, 'others'));
}

/** Of OCPP 2.0.1; in 1.6 a tag has 20 characters. */
export const LONGEST_TOKEN = 36;
const MEMBERS = ['status', 'expiryDate', 'parentIdTag', 'concurrentTransactions'] as const;

function readTag(value: unknown, place: string): IdTag {
  if (typeof value === 'string')
    return { status: oneOf(ID_TAG_STATUSES, value, place), concurrentTransactions: false };
  const {
    status = 'Accepted',
    expiryDate,
    parentIdTag,
    concurrentTransactions = false,
  } = membersOf(value, MEMBERS, place);
  if (typeof concurrentTransactions !== 'boolean')
    throw new PolicyFault(`${place}: concurrentTransactions is true or false`);
  if (parentIdTag !== undefined && (typeof parentIdTag !== 'string' || parentIdTag.length > LONGEST_TOKEN))
    throw new PolicyFault(`${place}: parentIdTag has up to ${LONGEST_TOKEN} characters`);
  return {
    status: oneOf(ID_TAG_STATUSES, status, `${place}: status`),
    concurrentTransactions,
    ...(expiryDate !== undefined && { expires: readTime(expiryDate, place) }),
    ...(parentIdTag !== undefined && { parentIdTag }),
  };
}

const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Of RFC 3339; undefined of what is none with its zone. */
export function timeOf(text: string): Micros | undefined {
  const milliseconds = WITH_ZONE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds * 1000;
}

function readTime(value: unknown, place: string): Micros {
  const time = timeOf(String(value));
  if (time !== undefined) return time;
  throw new PolicyFault(`${place}: expiryDate is a time with its zone, as 2027-01-31T00:00:00Z`);
}
