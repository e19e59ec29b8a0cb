import { createHash } from 'node:crypto';
import type { SealingKeys } from '../sealing/cipher.ts';

/** Keys for specs: the same in every run, and known to everybody. */
const key = (name: string) => createHash('sha256').update(`chargeproof test key ${name}`).digest();

export const testKeys: SealingKeys = {
  current: 'test',
  keys: new Map([['test', key('sealing')]]),
  standIns: key('stand-ins'),
};

/**
 * Every form in which a secret might still be read from bytes: as text in any case of letters, as hex, and
 * as base64 at each of its three alignments.
 * @returns the forms found
 */
export function tracesOf(secret: string, bytes: Uint8Array): string[] {
  const raw = Buffer.from(secret);
  const text = Buffer.from(bytes).toString('latin1');
  const lower = text.toLowerCase();
  const found: string[] = [];
  if (lower.includes(raw.toString('latin1').toLowerCase())) found.push('text');
  if (lower.includes(raw.toString('hex'))) found.push('hex');
  for (let before = 0; before < 3; before++) {
    const whole = Buffer.concat([Buffer.alloc(before, 'x'), raw]);
    // Characters that also depend on the bytes around the secret are left off at both ends.
    const certain = whole
      .toString('base64url')
      .slice(Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6));
    if (text.replaceAll('+', '-').replaceAll('/', '_').includes(certain)) found.push('base64');
  }
  return found;
}
