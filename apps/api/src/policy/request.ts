import { randomUUID } from 'node:crypto';
import {
  ID_TAG_STATUSES,
  LONGEST_SECONDS,
  LONGEST_TOKEN,
  MOST_PARTS,
  MOST_TAGS,
  REGISTRATIONS,
} from '@chargeproof/central-system';
import { caseless } from '@chargeproof/ocpp';
import {
  type DecidedAuthorization,
  formatMicros,
  type IdTagsDecided,
  type Micros,
  NAME_RULE,
  nameFault,
  type RegistrationDecided,
} from '@chargeproof/record';
import { badInput } from '../asking/errors.ts';
import { type WhoDecides, whoDecides } from '../deciding/who-decides.ts';

type Deciding = WhoDecides & { readonly tenant: string };
export type IdTagInfoInput = {
  readonly status: string;
  readonly expiryDate?: Micros | null;
  readonly parentIdTag?: string | null;
  readonly concurrentTransactions: boolean;
};
export type SetIdTagInput = Deciding & { readonly idTag: string; readonly idTagInfo: IdTagInfoInput };
export type RemoveIdTagInput = Deciding & { readonly idTag: string };
export type SetOtherIdTagsInput = Deciding & { readonly status?: string | null };
export type SetIdTagsInput = Deciding & {
  readonly updateType: string;
  readonly localAuthorizationList: readonly {
    readonly idTag: string;
    readonly idTagInfo?: IdTagInfoInput | null;
  }[];
  readonly part?: { readonly list: string; readonly part: number; readonly parts: number } | null;
};
export type SetRegistrationInput = Deciding & {
  /** Absent: of the others. */
  readonly station?: string;
  /** Absent: nothing is decided any more. */
  readonly status?: string | null;
  readonly interval?: number | null;
};

const LIST_ID = /^[A-Za-z0-9._~-]{1,36}$/;

/** Each is the payload of a decision. @throws GraphQLError naming the member and the fix; it repeats no tag */
export const idTagDecided = (input: SetIdTagInput | RemoveIdTagInput): IdTagsDecided => ({
  ...decided(input),
  updateType: 'Differential',
  localAuthorizationList: [authorization(input, 'input')],
});

export const otherIdTagsSet = (input: SetOtherIdTagsInput): IdTagsDecided => ({
  ...decided(input),
  updateType: 'Differential',
  localAuthorizationList: [],
  others: wordOf(ID_TAG_STATUSES, input.status) ?? null,
});

export function idTagsSet(input: SetIdTagsInput): IdTagsDecided {
  const { localAuthorizationList: list, updateType, part } = input;
  if (list.length > MOST_TAGS)
    throw wrong('localAuthorizationList', `has at most ${MOST_TAGS} tags; tell a longer list in parts`);
  const localAuthorizationList = list.map((each, at) =>
    authorization(each, `input.localAuthorizationList.${at}`),
  );
  const tags = new Set(list.map(({ idTag }) => caseless(idTag)));
  if (tags.size < list.length)
    throw wrong('localAuthorizationList', 'has a tag twice but for the case of its letters');
  if (updateType === 'DIFFERENTIAL') {
    if (part) throw wrong('part', 'is of a full list');
    return { ...decided(input), updateType: 'Differential', localAuthorizationList };
  }
  return { ...decided(input), updateType: 'Full', ...partOf(part), localAuthorizationList };
}

/** Of a station, or of the others. */
export function registrationSet(input: SetRegistrationInput): RegistrationDecided {
  const { station, interval } = input;
  if (station !== undefined && nameFault(station) !== undefined)
    throw wrong('station', `is none that can connect: ${NAME_RULE}`);
  const status = wordOf(REGISTRATIONS, input.status);
  if (typeof interval === 'number' && (interval < 1 || interval > LONGEST_SECONDS))
    throw wrong('interval', `takes seconds from 1 to ${LONGEST_SECONDS}`);
  if (status === undefined) return decided(input);
  return { ...decided(input), registration: { status, ...(typeof interval === 'number' && { interval }) } };
}

function decided(input: Deciding) {
  const who = whoDecides(input);
  if (nameFault(input.tenant) !== undefined) throw wrong('tenant', `is none that can be: ${NAME_RULE}`);
  return { decision: randomUUID(), ...who };
}

function partOf(part: SetIdTagsInput['part']): Partial<IdTagsDecided> {
  if (!part) return {};
  const { list, part: number, parts } = part;
  if (!LIST_ID.test(list)) throw wrong('part.list', 'has 1 to 36 letters, digits and . _ ~ -');
  if (parts < 1 || parts > MOST_PARTS) throw wrong('part.parts', `is from 1 to ${MOST_PARTS}`);
  if (number < 1 || number > parts) throw wrong('part.part', `is from 1 to ${parts}`);
  return { decision: list, part: number, parts };
}

function authorization(
  { idTag, idTagInfo }: { readonly idTag: string; readonly idTagInfo?: IdTagInfoInput | null },
  where: string,
): DecidedAuthorization {
  if (idTag === '' || idTag.length > LONGEST_TOKEN)
    throw badInput(`${where}.idTag`, `has 1 to ${LONGEST_TOKEN} characters`);
  if (!idTagInfo) return { idTag };
  const { status, expiryDate, parentIdTag, concurrentTransactions } = idTagInfo;
  if ((parentIdTag ?? '').length > LONGEST_TOKEN)
    throw badInput(`${where}.idTagInfo.parentIdTag`, `has at most ${LONGEST_TOKEN} characters`);
  return {
    idTag,
    idTagInfo: {
      status: wordOf(ID_TAG_STATUSES, status) ?? 'Invalid',
      ...(typeof expiryDate === 'number' && { expiryDate: formatMicros(expiryDate) }),
      ...(parentIdTag ? { parentIdTag } : {}),
      ...(concurrentTransactions && { concurrentTransactions }),
    },
  };
}

/** OCPP's own word for the schema's. */
const wordOf = <Word extends string>(words: readonly Word[], name: string | null | undefined) =>
  words.find((word) => word.toUpperCase() === name);

const wrong = (member: string, what: string) => badInput(`input.${member}`, what);
