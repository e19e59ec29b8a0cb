import { latin1 } from '@chargeproof/json';
import type { Sealed, SealedValue } from '../sealed.ts';
import { type SealingKeys, STAND_IN_LENGTH } from './cipher.ts';
import { openSealed } from './open-sealed.ts';

type Keys = Pick<SealingKeys, 'keys' | 'erased'>;

/**
 * The original bytes, exactly.
 * @throws StaysSealed naming the key, where one value cannot be opened
 */
export function unseal(value: Uint8Array, sealed: Sealed, keys: Keys): Uint8Array {
  const parts: Uint8Array[] = [];
  let from = 0;
  let shift = 0;
  for (const each of sealed.values) {
    const start = each.offset + shift;
    parts.push(value.subarray(from, start), openSealed(each, keys));
    from = start + each.standInLength;
    shift += each.standInLength - each.length;
  }
  parts.push(value.subarray(from));
  return Buffer.concat(parts);
}

/** Each stand-in of a record's value, without the quotes that a number's has, and what it stands for. */
export function standInsOf(value: Uint8Array, sealed: Sealed): readonly (readonly [string, SealedValue])[] {
  let shift = 0;
  return sealed.values.map((each) => {
    const quotes = (each.standInLength - STAND_IN_LENGTH) / 2;
    const start = each.offset + shift + quotes;
    shift += each.standInLength - each.length;
    return [latin1(value.subarray(start, start + STAND_IN_LENGTH)), each] as const;
  });
}

/** Where a byte of the record's value stood in the original. Of a byte in a stand-in: where the value began. */
export function originalOffset(sealed: Sealed | undefined, offset: number): number {
  let shift = 0;
  for (const { offset: original, length, standInLength } of sealed?.values ?? []) {
    const start = original + shift;
    if (offset < start) break;
    if (offset < start + standInLength) return original;
    shift += standInLength - length;
  }
  return offset - shift;
}
