import type { SealedClass } from '../sealed.ts';
import type { NamedRule, OwnRules } from './own-rules.ts';
import * as rules from './rules.ts';
import { WordSearch } from './word-search.ts';

/** Between the words of a name may stand one of these, or nothing: `idTag`, `id_tag`, `ID-TAG`. */
const SEPARATORS = ['', '_', '-', '.', ' '];

/** `idTag` is two words, and so are `X-Pin` and `vendorPIN`. */
const wordsOf = (name: string) => name.split(/[-_. ]+|(?<=[^A-Z])(?=[A-Z])/).filter((word) => word !== '');

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

const SECRET_WORDS = pattern(rules.SECRET_WORDS);
const TAG_WORDS = pattern(rules.TAG_WORDS);
const QUERY_SECRETS = set(rules.QUERY_SECRETS);

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

export const METER_WORDS = pattern(rules.METER_WORDS);

/** A name this short is found inside many a word, so in loose text it must be a word of its own. */
const SHORT = 4;
const isLong = (name: string) => wordsOf(name).join('').length > SHORT;

/** In a broken frame the colon may be missing, or be a comma, unless that begins the next member. */
const NEXT_MEMBER = `\\s*["'\\\\]+\\w+["'\\\\]+\\s*:`;

/** Names come again and again, and few differ. A memo of a pure function. */
const MOST_KNOWN = 2000;
const LONGEST_KNOWN = 60;

const NO_RULES: Omit<OwnRules, 'digest'> = { members: [], configurationKeys: [], dataTransfer: [] };

/** The names that are sealed: those of `rules.ts`, and those that a deployment adds. */
export class Names {
  readonly #members: ReadonlyMap<string, SealedClass>;
  readonly #settings: ReadonlyMap<string, SealedClass>;
  readonly #known = new Map<string, SealedClass | undefined>();
  readonly #search: WordSearch;
  /** A listed name anywhere in a text. */
  readonly any: RegExp;
  /**
   * In loose text: a listed name and a sign, a quoted word, or a word with a digit: `idTag: x`, `idTag 'x'`,
   * `idTag 04A1 refused`. How far the digit is looked for is bounded, or a megabyte of names without a space would
   * be read to its end from each.
   */
  readonly named: RegExp;
  /** The same in what should have been JSON. */
  readonly namedInBroken: RegExp;
  /** The name of a setting whose value is sealed. */
  readonly sealedSettings: RegExp;
  readonly dataTransfer: OwnRules['dataTransfer'];

  constructor(own: Omit<OwnRules, 'digest'> = NO_RULES) {
    const { members, configurationKeys, dataTransfer } = own;
    const listed = SEALED_CLASSES.flatMap((sealedClass) =>
      rules.MEMBERS[sealedClass].map((name) => ({ name, class: sealedClass })),
    );
    // What the table says of a name holds, whatever a deployment says of it.
    this.#members = classes([...members, ...listed]);
    this.#settings = new Map([
      ...classes(configurationKeys),
      ...Object.entries(rules.SETTINGS).map(([name, each]) => [name.toLowerCase(), each] as const),
    ]);
    const settings = [
      ...rules.SECRET_WORDS,
      ...rules.TAG_WORDS,
      ...configurationKeys.map(({ name }) => name),
    ];
    const all = [...[...listed, ...members].map(({ name }) => name), ...settings];
    const long = alternatives(all.filter(isLong));
    const short = alternatives(all.filter((name) => !isLong(name)));
    const names = `(?:${long}|\\b(?:${short})\\b)`;
    /** A listed name, the rest of its word, and the quotes behind it: taken whole or not at all. */
    const name = `(?=(${names}[\\w.-]{0,40}["'\\\\]*\\s*))\\1`;
    this.any = new RegExp(names, 'i');
    this.named = new RegExp(`${name}(?:([:=>]+)\\s*|(?=["'])|(?=\\w{0,64}\\d)(?=\\w{4}))`, 'gi');
    this.namedInBroken = new RegExp(`${name}([:=>]+|,(?!${NEXT_MEMBER})|(?!,))\\s*`, 'gi');
    this.sealedSettings = pattern(settings);
    this.dataTransfer = dataTransfer;
    this.#search = searchFor(all, dataTransfer.length > 0);
  }

  /** The class of a member by its name alone. */
  memberClass(name: string): SealedClass | undefined {
    const known = this.#known.get(name);
    if (known !== undefined || this.#known.has(name)) return known;
    const found = this.#members.get(name.toLowerCase()) ?? (SECRET_WORDS.test(name) ? 'secret' : undefined);
    if (this.#known.size < MOST_KNOWN && name.length <= LONGEST_KNOWN) this.#known.set(name, found);
    return found;
  }

  /** The class of a setting's value, by the setting's name. */
  settingClass(name: string): SealedClass | undefined {
    const found = this.memberClass(name) ?? this.#settings.get(name.toLowerCase());
    return found ?? (TAG_WORDS.test(name) ? 'idTag' : undefined);
  }

  /** The class of a URL parameter's value. */
  parameterClass(name: string): SealedClass | undefined {
    return QUERY_SECRETS.has(name.toLowerCase()) ? 'secret' : this.memberClass(name);
  }

  /**
   * False only where no rule can match: every rule needs one of these words, a URL, or an escape that could
   * spell one. Built from the same tables as the rules, so that it cannot fall behind.
   */
  mightHold(text: string, start = 0, end = text.length): boolean {
    return this.#search.isIn(text, start, end);
  }
}

const SEALED_CLASSES = Object.keys(rules.MEMBERS) as readonly SealedClass[];

const classes = (named: readonly NamedRule[]): ReadonlyMap<string, SealedClass> =>
  new Map(
    named.flatMap(({ name, class: sealedClass }) => spellings(name).map((each) => [each, sealedClass])),
  );

const searchFor = (names: readonly string[], hasDataTransfer: boolean) =>
  new WordSearch(
    [
      '\\',
      '://',
      rules.SIGNED_TEXT,
      ...rules.SIGNED_ENCODED,
      ...names.map((name) => wordsOf(name).join('')),
      ...rules.PATH_MEMBERS,
      ...Object.keys(rules.SETTINGS),
      ...rules.MEMBERS_IN_COMPANY.flatMap(({ below, beside }) => below ?? beside ?? []),
      ...(hasDataTransfer ? ['vendorId', 'DataTransfer'] : []),
    ],
    SEPARATORS.join(''),
  );
