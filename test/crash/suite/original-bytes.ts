import { type LoggedRecord, type SealingKeys, unseal } from '@chargeproof/record';
import { type Seen, seen } from '../../e2e/gateway/ends.ts';
import type { StoredFrame } from './read-back.ts';

/** Tells what was on the wire, of a frame that the store gives with its stand-ins. */
export class OriginalBytes {
  readonly #records: ReadonlyMap<string, LoggedRecord>;
  readonly #keys: SealingKeys;

  /** @param records the log's, where the sealed values stand */
  constructor(records: readonly LoggedRecord[], keys: SealingKeys) {
    this.#records = new Map(records.map((record) => [record.attributes.id, record]));
    this.#keys = keys;
  }

  /** @returns undefined where store and log do not hold the same */
  of({ id, bytes }: StoredFrame): Seen | undefined {
    const record = this.#records.get(id);
    const stored = Buffer.from(bytes, 'base64');
    if (record === undefined || !stored.equals(record.value)) return undefined;
    const { sealed, opcode } = record.attributes;
    return seen(
      sealed === undefined ? stored : unseal(record.value, sealed, this.#keys),
      opcode === 'binary',
    );
  }
}
