/** How many partitions `ocpp.frames` has. Fixed at creation: growing means a new generation (DESIGN 4). */
export const FRAME_PARTITIONS = 24;

/** The partition of a key: Kafka's default partitioner, `(murmur2(key) & 0x7fffffff) % partitions`. */
export function partitionOf(key: string, partitions: number = FRAME_PARTITIONS): number {
  return (murmur2(new TextEncoder().encode(key)) & 0x7fffffff) % partitions;
}

/** 32-bit MurmurHash2 with Kafka's seed. Signed, as the Java client has it. */
export function murmur2(data: Uint8Array): number {
  const M = 0x5bd1e995;
  const length = data.length;
  const at = (index: number) => data[index] ?? 0;
  let h = 0x9747b28c ^ length;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    let k = at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  const rest = length - i;
  if (rest > 2) h ^= at(i + 2) << 16;
  if (rest > 1) h ^= at(i + 1) << 8;
  if (rest > 0) h = Math.imul(h ^ at(i), M);
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
}
