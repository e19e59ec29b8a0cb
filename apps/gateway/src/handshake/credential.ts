import type { CredentialForm } from '@chargeproof/record';

const BASE64 = /^[+/0-9A-Za-z]*={0,2}$/;

/** What stands before a blank is kept where it is one of these: it may be the first half of a secret. */
const SCHEMES: ReadonlySet<string> = new Set(['basic', 'bearer', 'digest', 'negotiate', 'ntlm', 'token']);

/**
 * What may be kept of an Authorization header: of what form its secret is, and who it claims to be where that is
 * who the path names. Another user name may be a key that somebody put in the wrong field.
 * @param path the request's target
 */
export function credentialForm(header: string | undefined, path: string): CredentialForm | undefined {
  if (header === undefined) return undefined;
  const space = header.indexOf(' ');
  const scheme = header.slice(0, Math.max(0, space));
  if (!SCHEMES.has(scheme.toLowerCase()))
    return { scheme: 'none', bytes: Buffer.byteLength(header, 'latin1') };
  const rest = header.slice(space + 1).trim();
  if (scheme.toLowerCase() !== 'basic' || !BASE64.test(rest)) {
    return { scheme, bytes: Buffer.byteLength(rest, 'latin1') };
  }
  const pair = basicCredential(header);
  if (pair === undefined) return { scheme, bytes: Buffer.from(rest, 'base64').length };
  const { userName, password } = pair;
  const named = namesIn(path).has(userName) && { userName };
  return { scheme, ...named, form: formOf(password), bytes: password.length };
}

/** The segments of a path, as written and percent-decoded. */
function namesIn(path: string): ReadonlySet<string> {
  const written = path.replace(/\?.*$/s, '').split('/');
  return new Set(written.flatMap((segment) => [segment, decoded(segment)]));
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * The user and password of basic auth. The password may be raw bytes (OCPP-J 1.6, 6.2.2), so the pair is split
 * before it is read as text: at the first colon, or behind one of the expected names, which may have a colon in it.
 * @returns undefined for what is no basic auth
 */
export function basicCredential(
  header: string | undefined,
  expected: readonly string[] = [],
): { readonly userName: string; readonly password: Buffer } | undefined {
  const match = /^basic +([+/0-9A-Z]*={0,2}) *$/i.exec(header ?? '');
  if (match === null) return undefined;
  const pair = Buffer.from(match[1] ?? '', 'base64');
  const name = expected.find((each) => pair.indexOf(`${each}:`) === 0);
  const colon = name === undefined ? pair.indexOf(0x3a) : Buffer.byteLength(name);
  if (colon < 0) return undefined;
  return { userName: pair.toString('utf8', 0, colon), password: pair.subarray(colon + 1) };
}

function formOf(password: Buffer): 'hex' | 'text' | 'binary' {
  const text = password.toString('latin1');
  if (/^(?:[0-9a-fA-F]{2})+$/.test(text)) return 'hex';
  return /^[\x20-\x7e]*$/.test(text) ? 'text' : 'binary';
}
