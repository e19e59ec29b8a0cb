import { utf8 } from '@chargeproof/json';
import type { Findings } from './finding.ts';
import type { Layer } from './layer.ts';

const AUTHORITY = /[a-z][a-z0-9+.-]{0,30}:\/\/([^\s"'<>\\]*)/gi;
const PARAMETER = /[?&;#/]([^=?&;#/\s"'<>\\]{1,80})=/g;
const PARAMETER_VALUE = /[^&#\s"'<>\\]+/y;

const NONE: ReadonlySet<number> = new Set();

/**
 * Seals the user-info of every URL in a layer's text, and the parameters that hold a secret or a tag.
 * @param isCut the text ends before its time: a URL at its end may have lost the `@` that told of a user-info
 * @returns where in the text those parameters' values begin
 */
export function findInUrls(layer: Layer, findings: Findings, isCut: boolean): ReadonlySet<number> {
  if (!layer.text.includes('://')) return NONE;
  for (const match of layer.text.matchAll(AUTHORITY)) {
    const rest = match[1] ?? '';
    const start = match.index + match[0].length - rest.length;
    const isLast = isCut && start + rest.length === layer.text.length;
    const userInfo = userInfoLength(rest) || (isLast ? cutUserInfoLength(rest) : 0);
    if (userInfo > 0) findings.add(layer, start, start + userInfo, 'credential', 'text');
  }
  return findInParameters(layer, findings);
}

/** The same for what is a URL's path and query alone. */
export function findInParameters(layer: Layer, findings: Findings): ReadonlySet<number> {
  const starts = new Set<number>();
  PARAMETER.lastIndex = 0;
  for (let match = PARAMETER.exec(layer.text); match; match = PARAMETER.exec(layer.text)) {
    const sealedClass = findings.names.parameterClass(percentDecoded(match[1] ?? ''));
    // One that is not sealed is not read to its end: it may hide the next one behind a semicolon or slash,
    // and reading it once for each of those would take the square of the text's length.
    if (!sealedClass) continue;
    const start = PARAMETER.lastIndex;
    PARAMETER_VALUE.lastIndex = start;
    const value = PARAMETER_VALUE.exec(layer.text)?.[0];
    if (value === undefined) continue;
    findings.add(layer, start, start + value.length, sealedClass, 'text');
    starts.add(start);
    PARAMETER.lastIndex = start + value.length;
  }
  return starts;
}

/**
 * Up to the last `@` of the authority; and beyond its first slash where what stands before it cannot be a
 * host and port, because a password was not encoded.
 */
function userInfoLength(rest: string): number {
  const authority = authorityOf(rest);
  const at = authority.lastIndexOf('@');
  if (at >= 0) return at;
  return looksLikePassword(authority) ? Math.max(rest.lastIndexOf('@'), 0) : 0;
}

/** Of a URL that is cut off within its authority nobody can tell host and password apart: all of it. */
function cutUserInfoLength(rest: string): number {
  const authority = authorityOf(rest);
  return authority.length === rest.length || looksLikePassword(authority) ? rest.length : 0;
}

const authorityOf = (rest: string) => /^[^/?#]*/.exec(rest)?.[0] ?? '';
const looksLikePassword = (authority: string) => /^[^/?#:[\]]+:(?!\d*$)/.test(authority);

function percentDecoded(name: string): string {
  try {
    return decodeURIComponent(utf8(name));
  } catch {
    return name;
  }
}
