import type { KeyObject } from 'node:crypto';
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import type { RecordId } from '../ids.ts';
import type { SealedClass } from '../sealed.ts';
import type { Micros } from '../time.ts';

/** What sealing needs of a keyring. All keys have 32 bytes. */
export type SealingKeys = {
  /** The key that seals what is new. */
  readonly current: string;
  /** Key id → key. One that was erased is missing here, and what it sealed stays sealed. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
  /** Key id → when it was erased for good: what it sealed can no longer be opened, by anybody. */
  readonly erased?: ReadonlyMap<string, Micros>;
  /** Makes the stand-ins. It never changes, or equal tags would cease to be equal (decision 19). */
  readonly standIns: Uint8Array;
};

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key object: with plain bytes Node prepares the key anew for each use, which takes five times as long. */
const derived = (key: Uint8Array, purpose: string) =>
  createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `chargeproof sealing ${purpose} v1`, 32)));

/**
 * AES-256-GCM under a synthetic nonce: the first 96 bits of HMAC-SHA256 over class and plaintext, as in
 * SIV. So sealing is a function of the frame and the keys alone: a frame sealed twice is the same record
 * (a retry, two exports that overlap), no source of randomness can fail or repeat, and a nonce comes back
 * only with the same plaintext, which gives the same ciphertext. That equal values show as equal is wanted:
 * stand-in and spelling show it anyway.
 */
export class Cipher {
  readonly #encryption: KeyObject;
  readonly #nonces: KeyObject;

  constructor(key: Uint8Array) {
    this.#encryption = derived(key, 'encryption');
    this.#nonces = derived(key, 'nonce');
  }

  seal(sealedClass: SealedClass, plain: Uint8Array): { nonce: string; ciphertext: string } {
    const nonce = createHmac('sha256', this.#nonces)
      .update(`${sealedClass}\0`)
      .update(plain)
      .digest()
      .subarray(0, NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#encryption, nonce).setAAD(Buffer.from(sealedClass));
    const ciphertext = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return { nonce: nonce.toString('base64'), ciphertext: ciphertext.toString('base64') };
  }

  /** @throws where the key is another or a byte was changed */
  open(sealedClass: SealedClass, nonce: string, ciphertext: string): Buffer {
    const bytes = Buffer.from(ciphertext, 'base64');
    const end = bytes.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', this.#encryption, Buffer.from(nonce, 'base64'))
      .setAAD(Buffer.from(sealedClass))
      .setAuthTag(bytes.subarray(end));
    return Buffer.concat([decipher.update(bytes.subarray(0, end)), decipher.final()]);
  }
}

/** A stand-in begins with this and its class's letter, so that a reader of the log knows it for one. */
export const STAND_IN_MARK = '~';
const CLASS_LETTERS: Readonly<Record<SealedClass, string>> = {
  idTag: 't',
  personal: 'p',
  secret: 's',
  credential: 'c',
};
/** Digits and lower-case letters without 0, 1, 8 and 9: nothing changes under case folding or in a URL. */
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
/** The longest idToken of OCPP 1.6, so that a stand-in breaks no rule on length. */
export const STAND_IN_LENGTH = 20;
/** Without mark and letter: 90 bits. */
const HASH_CHARACTERS = STAND_IN_LENGTH - 2;
const SPELLING_BYTES = 9;
const STAND_IN = new RegExp(
  `^${STAND_IN_MARK}[${Object.values(CLASS_LETTERS).join('')}][${BASE32}]{${HASH_CHARACTERS}}$`,
);

/** Whether a text has the form of a stand-in. That a tag has it by chance is as likely as to guess one. */
export const isStandIn = (text: string): boolean => STAND_IN.test(text);

/** What makes an imported frame the same in two exports that overlap; not its direction, which may be inferred. */
export type ImportedFrame = {
  readonly tenant: string;
  readonly station: string;
  /** As written in the recording, whatever its form. */
  readonly time: string;
  /** The original bytes, before sealing. */
  readonly value: Uint8Array;
  /** Counts frames of one file that are equal in all of the above, from 0. */
  readonly ordinal: number;
};
/** 130 bits. */
const IMPORT_CHARACTERS = 26;

/** Keyed hashes of values: what may be known of them without the key. */
export class Hashes {
  readonly #standIns: KeyObject;
  readonly #spellings: KeyObject;
  readonly #imports: KeyObject;

  constructor(key: Uint8Array) {
    this.#standIns = derived(key, 'stand-in');
    this.#spellings = derived(key, 'spelling');
    this.#imports = derived(key, 'import');
  }

  /** 20 characters, the same for every spelling that differs in case alone (OCPP compares tags so). */
  standIn(sealedClass: SealedClass, value: string): string {
    const hash = keyed(this.#standIns, sealedClass, value.toLowerCase());
    return STAND_IN_MARK + CLASS_LETTERS[sealedClass] + base32(hash, HASH_CHARACTERS);
  }

  /** Of the exact spelling, so that a change of case shows. */
  spelling(sealedClass: SealedClass, value: string): string {
    return keyed(this.#spellings, sealedClass, value).subarray(0, SPELLING_BYTES).toString('base64url');
  }

  /** Identity of an imported frame. Keyed, or a guessed tag could be tried against it. */
  importId({ tenant, station, time, value, ordinal }: ImportedFrame): RecordId {
    const hash = createHmac('sha256', this.#imports)
      .update(`${JSON.stringify([tenant, station, time, ordinal])}\0`)
      .update(value)
      .digest();
    return `import-${base32(hash, IMPORT_CHARACTERS)}`;
  }
}

function keyed(key: KeyObject, sealedClass: SealedClass, value: string): Buffer {
  // UTF-16, so that lone surrogates differ from each other.
  return createHmac('sha256', key).update(`${sealedClass}\0`).update(value, 'utf16le').digest();
}

function base32(bytes: Buffer, characters: number): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5 && text.length < characters; bits -= 5) {
      text += BASE32.charAt((held >>> (bits - 5)) & 31);
    }
    held &= 0xff;
  }
  return text;
}
