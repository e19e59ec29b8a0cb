import type { ReadRequest } from '@chargeproof/log';

export type Bounds = Pick<ReadRequest, 'maxRecords' | 'maxBytes'>;

/** The records up to the bounds: the one that passes the bytes is the last, and one is always given. */
export function within<Given extends { readonly value: Uint8Array }>(
  records: readonly Given[],
  { maxRecords, maxBytes }: Bounds,
): readonly Given[] {
  let bytes = 0;
  const passes = records.findIndex(({ value }, index) => {
    bytes += value.byteLength;
    return bytes > maxBytes || index + 1 >= maxRecords;
  });
  return passes < 0 ? records : records.slice(0, passes + 1);
}
