import type { SealedClass } from '../sealed.ts';
import type { Findings } from './finding.ts';
import { findInUrls } from './find-urls.ts';
import type { Layer } from './layer.ts';
import { METER_WORDS, type Names } from './names.ts';
import { SIGNED_ENCODED, SIGNED_TEXT } from './rules.ts';

/**
 * Finds secrets and tags in what cannot be tokenised: a broken or cut frame, a log line in a string. What
 * follows a listed name is sealed to its closing quote, else to the end (DESIGN 3). It rather seals too much.
 */
const VALUE = /(?:(?:attribute|actual|new|old)[-_]?)?val(?:ue)?["'\\]+\s*:\s*/gi;
const SIGNED_ID = /"ID"\s*:\s*/g;
const ENCODED = new RegExp(`(?:${SIGNED_ENCODED.join('|')})[\\w+/=-]*`, 'gi');
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:(?!-----END)[\s\S])*/g;
const OPENING = /(\\*)(["'])\2?/y;
/** Undoing more escapes than this finds nothing that a peer would read. */
const MAX_DEPTH = 6;

/**
 * @param isBroken the layer is the frame itself, and was meant to be JSON
 * @param isCut it may have ended before its time
 */
export function findInText(outermost: Layer, findings: Findings, isBroken = false, isCut = isBroken): void {
  for (let layer = outermost; ; layer = layer.unescape(0, layer.text.length)) {
    const inUrls = findInUrls(layer, findings, isCut);
    findNamed(layer, findings, isBroken, inUrls);
    findSettings(layer, findings);
    findTransferred(layer, findings, isBroken);
    findSigned(layer, findings);
    findPrivateKeys(layer, findings);
    if (!layer.text.includes('\\') || layer.depth >= MAX_DEPTH) return;
  }
}

/** @param found where values begin that need no second look */
function findNamed(layer: Layer, findings: Findings, isBroken: boolean, found: ReadonlySet<number>): void {
  const { names } = findings;
  forEachMatch(isBroken ? names.namedInBroken : names.named, layer.text, ([, name = '', sign = ''], end) => {
    if (found.has(end)) return end;
    const sought = {
      class: names.settingClass(name.replace(/["'\\\s]+$/, '')) ?? 'idTag',
      isAssigned: isBroken ? /[=>]/.test(sign) : sign !== ':',
    };
    return sealBehind(layer, end, sought, findings);
  });
}

/**
 * A setting's value may stand before its name, and the name may be cut off: then every value is sealed that
 * is no meter's.
 */
function findSettings(layer: Layer, findings: Findings): void {
  const { text } = layer;
  const { names } = findings;
  const isNamed = names.sealedSettings.test(text);
  if (!isNamed && METER_WORDS.test(text)) return;
  forEachMatch(VALUE, text, ({ index }, end) =>
    isNamed || !isOfPlainKey(names, text, index) ? sealBehind(layer, end, SETTING, findings) : end,
  );
}

/**
 * A vendor's own data, by what a deployment says of it. In a broken frame the vendor's name may be cut off: then
 * all data is sealed. Where it ends can be told of a string alone.
 */
function findTransferred(layer: Layer, findings: Findings, isBroken: boolean): void {
  const { text } = layer;
  const { dataTransfer } = findings.names;
  if (dataTransfer.length === 0) return;
  const lower = text.toLowerCase();
  const isOfVendor = dataTransfer.some(({ vendorId }) => lower.includes(vendorId.toLowerCase()));
  if (!isOfVendor && (!isBroken || VENDOR.test(text))) return;
  forEachMatch(DATA, text, (_match, end) => {
    const opens = text.charAt(end);
    if (opens !== '{' && opens !== '[') return sealBehind(layer, end, SETTING, findings);
    findings.add(layer, end, text.length, 'secret', 'text');
    return text.length;
  });
}

const VENDOR = /vendorId["'\\]+\s*:/i;
const DATA = /(?<![\w])data["'\\]+\s*:\s*/gi;

/**
 * Calls with each match and the offset behind it, and goes on where the call says, so that what was sealed
 * is not read again and one pass stays one pass.
 */
function forEachMatch(
  pattern: RegExp,
  text: string,
  call: (match: RegExpExecArray, end: number) => number,
): void {
  let from = 0;
  for (;;) {
    pattern.lastIndex = from;
    const match = pattern.exec(text);
    if (!match) return;
    from = call(match, match.index + match[0].length);
  }
}

/**
 * Whether the object around a place is one of OCPP 1.6 and names a key, in full, that is no secret. An
 * object that does not begin and end near the place is taken for none: a key has 50 characters there, a
 * value 500, and looking farther from each of many values would take the square of the text's length.
 */
function isOfPlainKey(names: Names, text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - NEAR), at);
  const behind = text.slice(at, at + NEAR);
  const opening = before.lastIndexOf('{');
  const closing = behind.indexOf('}');
  if (opening < 0 || (closing < 0 && behind.length === NEAR)) return false;
  const around = before.slice(opening + 1) + behind.slice(0, closing < 0 ? undefined : closing);
  const key = PLAIN_KEY.exec(around)?.[1];
  return key !== undefined && names.settingClass(key) === undefined;
}

const NEAR = 1000;
const PLAIN_KEY = /["']key["']\s*:\s*["']([^"'\\]*)["']/i;

function findSigned(layer: Layer, findings: Findings): void {
  for (const { index, 0: written } of layer.text.matchAll(ENCODED)) {
    findings.add(layer, index, index + written.length, 'personal', 'text');
  }
  if (!layer.text.includes(SIGNED_TEXT)) return;
  forEachMatch(SIGNED_ID, layer.text, (_match, end) => sealBehind(layer, end, SIGNED_TAG, findings));
}

function findPrivateKeys(layer: Layer, findings: Findings): void {
  for (const { index, 0: written } of layer.text.matchAll(PRIVATE_KEY)) {
    findings.add(layer, index, index + written.length, 'secret', 'text');
  }
}

type Sought = { readonly class: SealedClass; readonly isAssigned: boolean };
const SETTING: Sought = { class: 'secret', isAssigned: false };
const SIGNED_TAG: Sought = { class: 'idTag', isAssigned: false };

/** @returns the offset behind the value */
function sealBehind(layer: Layer, start: number, sought: Sought, findings: Findings): number {
  const { text } = layer;
  OPENING.lastIndex = start;
  const opening = OPENING.exec(text);
  const from = opening ? start + opening[0].length : start;
  const to = opening
    ? closingQuote(text, from, opening)
    : sought.isAssigned
      ? assignedEnd(text, from)
      : bareEnd(findings.names, text, from);
  if (to > from) findings.add(layer, from, to, sought.class, 'text');
  return to;
}

/** The quote that closes what was opened behind as many backslashes; the text's end where there is none. */
function closingQuote(text: string, from: number, opening: RegExpExecArray): number {
  const [written, slashes = '', quote = '"'] = opening;
  const isDoubled = written.length > slashes.length + 1;
  if (isDoubled && /^\s*(?:[,}\]]|$)/.test(text.slice(from, from + 20))) return from;
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
    let before = at;
    while (before > from && text.charAt(before - 1) === '\\') before--;
    const escapes = at - before;
    if (slashes.length > 0 ? escapes <= slashes.length : escapes % 2 === 0) {
      return slashes.length > 0 ? before : at;
    }
  }
  return text.length;
}

/** What follows a name and `=`: a parameter or a word of a log line. */
function assignedEnd(text: string, from: number): number {
  ASSIGNED.lastIndex = from;
  return from + (ASSIGNED.exec(text)?.[0].length ?? 0);
}

const ASSIGNED = /[^&\s"'<>\\]*/y;

/** What follows a name and `:` without a quote: a number or word, an object (read on inside), else all. */
function bareEnd(names: Names, text: string, from: number): number {
  const scalar = SCALAR.exec(text.slice(from, from + LONGEST_NUMBER));
  if (scalar) return scalar[1] === undefined ? from : from + scalar[1].length;
  const opens = text.charAt(from);
  if (opens !== '{' && opens !== '[') return text.length;
  if (opens === '{' && names.any.test(text.slice(from, from + LOOK_AHEAD))) return from;
  const closing = text.indexOf(opens === '{' ? '}' : ']', from);
  return closing < 0 ? text.length : closing;
}

const SCALAR = /^(?:(-?[0-9][0-9.eE+-]*)|true|false|null)(?=\s*[,}\]])/;
const LONGEST_NUMBER = 400;
/** In an object this far after a listed name, another listed name holds the value. */
const LOOK_AHEAD = 200;
