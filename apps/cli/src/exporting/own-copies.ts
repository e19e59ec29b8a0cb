import { createSealer, type LoggedRecord, type Sealer, type SealingKeys } from '@chargeproof/record';
import { Ordinals, RecordIds, timestampOf } from '@chargeproof/recordings';

/**
 * Finds imported frames that an export of ours made of live ones: written again, each frame would double
 * with every round. Such a frame has the id that the live one gets in an import; the live one stands before it.
 */
export class OwnCopies {
  readonly #sealer: Sealer | undefined;
  readonly #ordinals = new Ordinals();
  readonly #exported = new RecordIds();

  constructor(keys: SealingKeys | undefined) {
    this.#sealer = keys && createSealer(keys);
  }

  /** To be asked of every frame, in log order. */
  isCopy({ attributes }: LoggedRecord, original: Uint8Array): boolean {
    if (attributes.witness === 'import') return this.#exported.has(attributes.id);
    this.#note(attributes, original);
    return false;
  }

  #note({ tenant, subject: station = '', time }: LoggedRecord['attributes'], value: Uint8Array): void {
    if (this.#sealer === undefined) return;
    const frame = { tenant, station, time: timestampOf({ time }), value };
    const first = this.#sealer.importId({ ...frame, ordinal: 0 });
    const ordinal = this.#ordinals.next(first);
    this.#exported.add(ordinal === 0 ? first : this.#sealer.importId({ ...frame, ordinal }));
  }
}
