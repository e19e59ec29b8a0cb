import { type ChargeRecord, type SealingKeys, StaysSealed, unseal } from '@chargeproof/record';

/** Opens what is sealed in records, as far as there are keys. */
export class OriginalBytes {
  readonly #keys: SealingKeys | undefined;
  /** Frames that keep a stand-in, because its key is gone. */
  sealedFrames = 0;
  /** Why, in words: each key that opens nothing, once. */
  readonly reasons = new Set<string>();

  constructor(keys: SealingKeys | undefined) {
    this.#keys = keys;
  }

  /** The frame as it was, or with its stand-ins where a key is gone. */
  of({ value, attributes }: ChargeRecord): { readonly bytes: Uint8Array; readonly isOriginal: boolean } {
    if (attributes.sealed === undefined) return { bytes: value, isOriginal: true };
    try {
      if (this.#keys !== undefined)
        return { bytes: unseal(value, attributes.sealed, this.#keys), isOriginal: true };
    } catch (error) {
      if (!(error instanceof StaysSealed)) throw error;
      this.reasons.add(error.message);
    }
    this.sealedFrames += 1;
    return { bytes: value, isOriginal: false };
  }
}
