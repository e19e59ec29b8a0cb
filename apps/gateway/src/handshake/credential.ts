import type { CredentialForm } from '@chargeproof/record';

const BASE64 = /^[+/0-9A-Za-z]*={0,2}$/;

/** What may be kept of an Authorization header: who it claims to be, and of what form its secret is. */
export function credentialForm(header: string | undefined): CredentialForm | undefined {
  if (header === undefined) return undefined;
  const space = header.indexOf(' ');
  const scheme = space < 0 ? header : header.slice(0, space);
  const rest = space < 0 ? '' : header.slice(space + 1).trim();
  // Without a space it may be the bare secret itself.
  if (space < 0) return { scheme: 'none', bytes: Buffer.byteLength(header, 'latin1') };
  if (scheme.toLowerCase() !== 'basic' || !BASE64.test(rest)) {
    return { scheme, bytes: Buffer.byteLength(rest, 'latin1') };
  }
  const pair = basicCredential(header);
  if (pair === undefined) return { scheme, bytes: Buffer.from(rest, 'base64').length };
  const { userName, password } = pair;
  return { scheme, userName, form: formOf(password), bytes: password.length };
}

/**
 * The user and password of basic auth. The password may be raw bytes (OCPP-J 1.6, 6.2.2), so the pair is split
 * before it is read as text. @returns undefined for what is no basic auth
 */
export function basicCredential(
  header: string | undefined,
): { readonly userName: string; readonly password: Buffer } | undefined {
  const match = /^basic +([+/0-9A-Z]*={0,2}) *$/i.exec(header ?? '');
  if (match === null) return undefined;
  const pair = Buffer.from(match[1] ?? '', 'base64');
  const colon = pair.indexOf(0x3a);
  if (colon < 0) return undefined;
  return { userName: pair.toString('utf8', 0, colon), password: pair.subarray(colon + 1) };
}

function formOf(password: Buffer): 'hex' | 'text' | 'binary' {
  const text = password.toString('latin1');
  if (/^(?:[0-9a-fA-F]{2})+$/.test(text)) return 'hex';
  return /^[\x20-\x7e]*$/.test(text) ? 'text' : 'binary';
}
