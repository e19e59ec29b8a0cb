/**
 * What a sealed value is: it decides the stand-in, so the same tag has one stand-in everywhere.
 * `idTag`: what a driver or car is authorised by, in every version's words. `personal`: what else tells of a
 * person. `secret`: passwords and keys. `credential`: user name and password together, as in a URL.
 */
export type SealedClass = 'idTag' | 'personal' | 'secret' | 'credential';

/** What rules on form may read of a value that stays sealed. */
export type SealedForm = {
  readonly json: 'string' | 'number' | 'other' | 'text';
  readonly codePoints: number;
  /** The narrowest of these that holds every character. */
  readonly alphabet: 'digits' | 'hex' | 'alphanumeric' | 'ascii' | 'unicode';
  /** Keyed hash of the exact spelling, so that a change of case shows. */
  readonly spelling: string;
};

/** One value that was taken out of a frame, in order of its place there. */
export type SealedValue = {
  /** Byte offset in the original. */
  readonly offset: number;
  /** Bytes it had in the original; what stands there now is the stand-in. */
  readonly length: number;
  /** Bytes of what stands in its place in the record. */
  readonly standInLength: number;
  readonly class: SealedClass;
  readonly key: string;
  /** Base64. */
  readonly nonce: string;
  /** Base64: ciphertext and tag of the original bytes. */
  readonly ciphertext: string;
  readonly form: SealedForm;
};

/** The `sealed` extension attribute. */
export type Sealed = {
  readonly version: 1;
  readonly values: readonly SealedValue[];
  /** The codec's verdict on the original where it could not be tokenised: sealing may hide it. */
  readonly verdict?: { readonly reason: string; readonly offset: number };
  /** Digest of the deployment's own rules, where it had any: what it was asked to seal besides. */
  readonly rules?: string;
};
