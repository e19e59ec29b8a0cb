import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** As in the credentials file: `scrypt$N$r$p$salt$hash`, the last two in base64. */
export type CredentialHash = string & { readonly __brand: 'CredentialHash' };

type Cost = { readonly N: number; readonly r: number; readonly p: number };

/** For what a person can remember: about 80 ms of one core, and 32 MiB. */
const OF_A_PASSWORD: Cost = { N: 2 ** 15, r: 8, p: 1 };
/** A key of 128 bits and more cannot be guessed, so a fleet that comes back at once does not wait for it. */
const OF_A_KEY: Cost = { N: 2 ** 10, r: 8, p: 1 };
/** No file may make a handshake cost more than this. */
const MOST = 2 ** 17;
const HASH_BYTES = 32;
const SALT_BYTES = 16;
const FORM = /^scrypt\$(\d{1,6})\$(\d{1,2})\$(\d{1,2})\$([+/0-9A-Za-z]{1,88}={0,2})\$([+/0-9A-Za-z]{43}=)$/;

/** An AuthorizationKey as text: 16 to 20 bytes in hex (OCPP-J 1.6, 6.2.2; security white paper, A00). */
const HEX_KEY = /^(?:[0-9a-fA-F]{2}){16,20}$/;

/**
 * What is hashed of a password: an AuthorizationKey is the same key whether a station sends its bytes or the
 * hex digits it was given them in.
 */
export function canonicalPassword(password: Uint8Array): Uint8Array {
  const text = Buffer.from(password).toString('latin1');
  return HEX_KEY.test(text) ? Buffer.from(text, 'hex') : password;
}

/** @param isKey it is random: see {@link canonicalPassword} for its two forms */
export async function hashCredential(password: Uint8Array, isKey: boolean): Promise<CredentialHash> {
  const cost = isKey ? OF_A_KEY : OF_A_PASSWORD;
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, cost);
  const { N, r, p } = cost;
  return `scrypt$${N}$${r}$${p}$${salt.toString('base64')}$${hash.toString('base64')}` as CredentialHash;
}

export function isCredentialHash(text: string): text is CredentialHash {
  const match = FORM.exec(text);
  if (match === null) return false;
  const { N, r, p } = costOf(match);
  return N > 1 && (N & (N - 1)) === 0 && r > 0 && p > 0 && N * r * p <= MOST * OF_A_PASSWORD.r;
}

/** Takes as long for a wrong password as for the right one. */
export async function verifyCredential(password: Uint8Array, stored: CredentialHash): Promise<boolean> {
  const match = FORM.exec(stored);
  if (match === null) return false;
  const hash = await derive(password, Buffer.from(match[4] ?? '', 'base64'), costOf(match));
  return timingSafeEqual(hash, Buffer.from(match[5] ?? '', 'base64'));
}

const costOf = ([, N, r, p]: RegExpExecArray): Cost => ({ N: Number(N), r: Number(r), p: Number(p) });

function derive(password: Uint8Array, salt: Uint8Array, { N, r, p }: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(canonicalPassword(password), salt, HASH_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}
