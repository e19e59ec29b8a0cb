import type { Sealed, SealedClass, SealedForm, SealedValue } from './sealed.ts';
import { UnreadableRecord } from './unreadable.ts';

/**
 * The `sealed` attribute as text, the same in a header and in the compact form:
 * `[version, [value…], [reason, offset]?, rules?]`, an empty pair where rules follow no verdict; each value
 * `[offset, length, standInLength, class, key, nonce, ciphertext, json, codePoints, alphabet, spelling]`.
 * Words are letters of the tables below. Letters are only ever added: records keep them for ever.
 */
const CLASSES = { idTag: 't', personal: 'p', secret: 's', credential: 'c' } as const satisfies Record<
  SealedClass,
  string
>;
const JSON_KINDS = {
  string: 's',
  number: 'n',
  other: 'o',
  text: 't',
} as const satisfies Record<SealedForm['json'], string>;
const ALPHABETS = {
  digits: 'd',
  hex: 'h',
  alphanumeric: 'a',
  ascii: 's',
  unicode: 'u',
} as const satisfies Record<SealedForm['alphabet'], string>;

type Row = readonly [
  offset: number,
  length: number,
  standInLength: number,
  sealedClass: string,
  key: string,
  nonce: string,
  ciphertext: string,
  json: string,
  codePoints: number,
  alphabet: string,
  spelling: string,
];

export function writeSealed({ version, values, verdict, rules }: Sealed): string {
  const rows = values.map(toRow);
  const pair = verdict && [verdict.reason, verdict.offset];
  if (rules !== undefined) return JSON.stringify([version, rows, pair ?? [], rules]);
  return JSON.stringify(pair ? [version, rows, pair] : [version, rows]);
}

/** @throws UnreadableRecord where the text is not what {@link writeSealed} writes */
export function readSealed(text: string): Sealed {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new UnreadableRecord('the sealed attribute is not JSON');
  }
  return sealedOf(read);
}

/** Reads the form of {@link writeSealed} after JSON.parse. @throws UnreadableRecord */
export function sealedOf(read: unknown): Sealed {
  if (!Array.isArray(read) || read[0] !== 1 || !Array.isArray(read[1])) {
    throw new UnreadableRecord('the sealed attribute is not of version 1');
  }
  const values = (read[1] as Row[]).map(fromRow);
  const [reason, offset] = (read[2] ?? []) as readonly [string?, number?];
  const rules = read[3] as string | undefined;
  return {
    version: 1,
    values,
    ...(reason !== undefined && offset !== undefined && { verdict: { reason, offset } }),
    ...(rules !== undefined && { rules }),
  };
}

function toRow(value: SealedValue): Row {
  const { form } = value;
  return [
    value.offset,
    value.length,
    value.standInLength,
    CLASSES[value.class],
    value.key,
    value.nonce,
    value.ciphertext,
    JSON_KINDS[form.json],
    form.codePoints,
    ALPHABETS[form.alphabet],
    form.spelling,
  ];
}

function fromRow(row: Row): SealedValue {
  return {
    offset: row[0],
    length: row[1],
    standInLength: row[2],
    class: wordOf(CLASSES, row[3]),
    key: row[4],
    nonce: row[5],
    ciphertext: row[6],
    form: {
      json: wordOf(JSON_KINDS, row[7]),
      codePoints: row[8],
      alphabet: wordOf(ALPHABETS, row[9]),
      spelling: row[10],
    },
  };
}

function wordOf<Word extends string>(letters: Readonly<Record<Word, string>>, letter: string): Word {
  for (const word in letters) if (letters[word] === letter) return word;
  throw new UnreadableRecord(`the sealed attribute has a letter of a later version: ${letter}`);
}
