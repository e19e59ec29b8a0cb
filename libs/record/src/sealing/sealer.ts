import type { JsonFault } from '@chargeproof/json';
import { bytesOf, latin1, utf8, utf8FaultAt } from '@chargeproof/json';
import type { Opcode } from '../attributes.ts';
import type { Sealed, SealedClass, SealedForm, SealedValue } from '../sealed.ts';
import type { RecordId } from '../ids.ts';
import type { ImportedFrame, SealingKeys } from './cipher.ts';
import { Cipher, Hashes } from './cipher.ts';
import { findInText } from './find-text.ts';
import { findInJson, isCutOff } from './find-tokens.ts';
import { findInParameters } from './find-urls.ts';
import type { Finding } from './finding.ts';
import { Findings } from './finding.ts';
import { alphabetOf, codePointsOf } from './form.ts';
import { Layer } from './layer.ts';
import { Names } from './names.ts';
import type { OwnRules } from './own-rules.ts';

/** Replaces secrets and personal values by stand-ins. What it gives is a function of its input and the keys. */
export type Sealer = {
  /**
   * Seals a frame, or the JSON value of any other record (a handshake's raw path among it).
   * @returns the very same `value` where there is nothing to seal
   */
  seal(value: Uint8Array, opcode: Opcode): { readonly value: Uint8Array; readonly sealed?: Sealed };
  /** Seals a raw path or a header's value. Offsets count bytes of its UTF-8. */
  sealText(text: string): { readonly text: string; readonly sealed?: Sealed };
  /** What stands in the log for a value: for searching a tag, in any case of letters. */
  standIn(sealedClass: SealedClass, value: string): string;
  /** The id of an imported frame's record: overlapping exports of one recording meet in it. */
  importId(frame: ImportedFrame): RecordId;
};

/**
 * @param own what a deployment seals besides what is sealed anywhere
 * @throws RangeError where the current key is not among the keys
 */
export function createSealer(keys: SealingKeys, own?: OwnRules): Sealer {
  const key = keys.keys.get(keys.current);
  if (key === undefined) throw new RangeError(`the keyring has no key ${keys.current}`);
  const hashes = new Hashes(keys.standIns);
  const names = namesOf(own);
  const by = own && { rules: own.digest };
  const pieces = new Pieces(keys.current, new Cipher(key), hashes);
  return {
    seal(value) {
      const text = latin1(value);
      if (!names.mightHold(text) && !isCutOff(text)) return { value };
      const { found, fault } = find(names, text);
      if (found.length === 0) return { value };
      const { replaced, values } = replace(text, found, pieces);
      return { value: bytesOf(replaced), sealed: { ...withVerdict(values, value, fault), ...by } };
    },
    sealText(original) {
      const text = latin1(Buffer.from(original));
      const found = findInLoose(names, text);
      if (found.length === 0) return { text: original };
      const { replaced, values } = replace(text, found, pieces);
      return { text: utf8(replaced), sealed: { version: 1, values, ...by } };
    },
    standIn: (sealedClass, value) => hashes.standIn(sealedClass, value),
    importId: (frame) => hashes.importId(frame),
  };
}

const NO_OWN = new Names();
/** Their tables take a while to make, and sealers come and go with keys. A memo of a pure function. */
const OF_OWN = new WeakMap<OwnRules, Names>();

function namesOf(own: OwnRules | undefined): Names {
  if (own === undefined) return NO_OWN;
  const known = OF_OWN.get(own) ?? new Names(own);
  OF_OWN.set(own, known);
  return known;
}

function find(names: Names, text: string): { found: readonly Finding[]; fault: JsonFault | undefined } {
  const findings = new Findings(names);
  const frame = new Layer(text);
  const fault = findInJson(frame, findings);
  if (fault) findInText(frame, findings, true);
  return { found: findings.inOrder(text), fault };
}

function findInLoose(names: Names, text: string): readonly Finding[] {
  const findings = new Findings(names);
  const layer = new Layer(text);
  findInParameters(layer, findings);
  findInText(layer, findings);
  return findings.inOrder(text);
}

function replace(
  text: string,
  found: readonly Finding[],
  pieces: Pieces,
): { replaced: string; values: SealedValue[] } {
  const values: SealedValue[] = [];
  let replaced = '';
  let from = 0;
  for (const finding of found) {
    const { start, end, quote } = finding;
    const { standIn, rest } = pieces.piece(finding, text.slice(start, end));
    const stands = quote + standIn + quote;
    values.push({ offset: start, length: end - start, standInLength: stands.length, ...rest });
    replaced += text.slice(from, start) + stands;
    from = end;
  }
  return { replaced: replaced + text.slice(from), values };
}

const REASONS = { truncated: 'truncated-json', wrong: 'not-json', 'too-deep': 'too-deep' } as const;

/** The codec's words for what the original had: the stand-ins may have hidden it. */
function withVerdict(
  values: readonly SealedValue[],
  value: Uint8Array,
  fault: JsonFault | undefined,
): Sealed {
  const notUtf8 = utf8FaultAt(value);
  if (notUtf8 >= 0) return { version: 1, values, verdict: { reason: 'not-utf8', offset: notUtf8 } };
  if (!fault) return { version: 1, values };
  return { version: 1, values, verdict: { reason: REASONS[fault.reason], offset: fault.offset } };
}

type Piece = {
  readonly standIn: string;
  readonly rest: Pick<SealedValue, 'class' | 'key' | 'nonce' | 'ciphertext' | 'form'>;
};

/** Values come again and again, so the last few thousand are kept sealed. Sealing is pure: a memo, no state. */
const REMEMBERED = 4096;
const LONGEST_REMEMBERED = 128;

class Pieces {
  readonly #key: string;
  readonly #cipher: Cipher;
  readonly #hashes: Hashes;
  #memo = new Map<string, Piece>();
  #older = new Map<string, Piece>();

  constructor(key: string, cipher: Cipher, hashes: Hashes) {
    this.#key = key;
    this.#cipher = cipher;
    this.#hashes = hashes;
  }

  piece(finding: Finding, written: string): Piece {
    const { class: sealedClass, json, value } = finding;
    if (written.length > LONGEST_REMEMBERED) return this.#make(finding, written);
    const name = `${sealedClass} ${json} ${value.length} ${value}${written}`;
    const known = this.#memo.get(name);
    if (known) return known;
    const made = this.#older.get(name) ?? this.#make(finding, written);
    this.#remember(name, made);
    return made;
  }

  /** Two generations: what was not asked for during a whole one is forgotten with it. */
  #remember(name: string, piece: Piece): void {
    if (this.#memo.size >= REMEMBERED) {
      this.#older = this.#memo;
      this.#memo = new Map();
    }
    this.#memo.set(name, piece);
  }

  #make({ class: sealedClass, json, value }: Finding, written: string): Piece {
    const form: SealedForm = {
      json,
      codePoints: codePointsOf(value),
      alphabet: alphabetOf(value),
      spelling: this.#hashes.spelling(sealedClass, value),
    };
    const box = this.#cipher.seal(sealedClass, bytesOf(written));
    return {
      standIn: this.#hashes.standIn(sealedClass, value),
      rest: { class: sealedClass, key: this.#key, ...box, form },
    };
  }
}
