import type { SealedClass } from '../sealed.ts';
import * as rules from './rules.ts';
import { WordSearch } from './word-search.ts';

/** Between the words of a name may stand one of these, or nothing: `idTag`, `id_tag`, `ID-TAG`. */
const SEPARATORS = ['', '_', '-', '.', ' '];

const wordsOf = (name: string) => name.split(/(?=[A-Z])/);

/** All spellings of a name that count as the same, in lower case: names are compared without case. */
function spellings(name: string): string[] {
  return SEPARATORS.map((separator) => wordsOf(name).join(separator).toLowerCase());
}

/** The same as a pattern for searching, which is to be used without case. */
function spelled(name: string): string {
  return wordsOf(name)
    .map((word) => word.replace(/[^A-Za-z0-9]/g, '\\$&'))
    .join('[-_. ]?');
}

const alternatives = (names: readonly string[]) =>
  [...new Set(names)]
    .sort((a, b) => b.length - a.length)
    .map(spelled)
    .join('|');

const set = (names: readonly string[]): ReadonlySet<string> => new Set(names.flatMap(spellings));
const pattern = (names: readonly string[]) => new RegExp(alternatives(names), 'i');

const MEMBERS = new Map<string, SealedClass>(
  (Object.keys(rules.MEMBERS) as SealedClass[]).flatMap((sealedClass) =>
    rules.MEMBERS[sealedClass].flatMap(spellings).map((spelling) => [spelling, sealedClass] as const),
  ),
);
const SECRET_WORDS = pattern(rules.SECRET_WORDS);
const TAG_WORDS = pattern(rules.TAG_WORDS);
const SETTINGS = new Map(
  Object.entries(rules.SETTINGS).map(([name, sealedClass]) => [name.toLowerCase(), sealedClass]),
);
const QUERY_SECRETS = set(rules.QUERY_SECRETS);

/** Names come again and again, and few differ. A memo of a pure function. */
const KNOWN = new Map<string, SealedClass | undefined>();
const MOST_KNOWN = 2000;
const LONGEST_KNOWN = 60;

/** The class of a member by its name alone. */
export function memberClass(name: string): SealedClass | undefined {
  const known = KNOWN.get(name);
  if (known !== undefined || KNOWN.has(name)) return known;
  const found = MEMBERS.get(name.toLowerCase()) ?? (SECRET_WORDS.test(name) ? 'secret' : undefined);
  if (KNOWN.size < MOST_KNOWN && name.length <= LONGEST_KNOWN) KNOWN.set(name, found);
  return found;
}

/** The class of a setting's value, by the setting's name. */
export function settingClass(name: string): SealedClass | undefined {
  return (
    memberClass(name) ?? SETTINGS.get(name.toLowerCase()) ?? (TAG_WORDS.test(name) ? 'idTag' : undefined)
  );
}

/** The class of a URL parameter's value. */
export function parameterClass(name: string): SealedClass | undefined {
  return QUERY_SECRETS.has(name.toLowerCase()) ? 'secret' : memberClass(name);
}

/** Each takes a name in lower case. */
export const CLEAR_INSIDE = set(rules.CLEAR_INSIDE);
export const NAMING_MEMBERS = set(rules.NAMING_MEMBERS);
export const VALUE_MEMBERS = set(rules.VALUE_MEMBERS);
export const PATH_MEMBERS = set(rules.PATH_MEMBERS);
export const IN_COMPANY = rules.MEMBERS_IN_COMPANY.map(({ name, class: sealedClass, below, beside }) => ({
  name: name.toLowerCase(),
  class: sealedClass,
  below: below?.toLowerCase(),
  beside: beside?.toLowerCase(),
}));

const ALL_NAMES = [...Object.values(rules.MEMBERS).flat(), ...rules.SECRET_WORDS, ...rules.TAG_WORDS];
/** A name this short is found inside many a word, so in loose text it must be a word of its own. */
const SHORT = 4;
const long = ALL_NAMES.filter((name) => name.length > SHORT);
const short = ALL_NAMES.filter((name) => name.length <= SHORT);

/** A listed name anywhere in a text, longest first. To be used without case. */
export const NAMES_PATTERN = `(?:${alternatives(long)}|\\b(?:${alternatives(short)})\\b)`;
export const NAMES = new RegExp(NAMES_PATTERN, 'i');
export const METER_WORDS = pattern(rules.METER_WORDS);
export const SEALED_SETTINGS = pattern([...rules.SECRET_WORDS, ...rules.TAG_WORDS]);

const MIGHT_HOLD = new WordSearch(
  [
    '\\',
    '://',
    rules.SIGNED_TEXT,
    ...rules.SIGNED_ENCODED,
    ...ALL_NAMES,
    ...rules.PATH_MEMBERS,
    ...Object.keys(rules.SETTINGS),
    ...rules.MEMBERS_IN_COMPANY.flatMap(({ below, beside }) => below ?? beside ?? []),
  ],
  SEPARATORS.join(''),
);

/**
 * False only where no rule can match: every rule needs one of these words, a URL, or an escape that could
 * spell one. Built from the same tables as the rules, so that it cannot fall behind.
 */
export function mightHold(text: string, start = 0, end = text.length): boolean {
  return MIGHT_HOLD.isIn(text, start, end);
}
