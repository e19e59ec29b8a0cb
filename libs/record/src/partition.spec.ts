import { describe, expect, it } from 'vitest';
import { FRAME_PARTITIONS, murmur2, partitionOf } from './partition.ts';

/** The vectors of Kafka's own tests of its utilities: another client must find the same partition. */
describe('the partitioner', () => {
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as Kafka does', (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash);
  });

  it('clears the sign before it divides, as Kafka does', () => {
    expect(partitionOf('foobar', 24)).toBe((-790332482 & 0x7fffffff) % 24);
    expect(partitionOf('abc', 24)).toBe(479470107 % 24);
  });

  it('stays where it was when it was pinned', () => {
    expect(FRAME_PARTITIONS).toBe(24);
    expect(
      ['default/CP-1', 'default/CP-2', 'default/-', 'acme/RDAM%20123'].map((key) => partitionOf(key)),
    ).toEqual([15, 8, 20, 10]);
  });
});
