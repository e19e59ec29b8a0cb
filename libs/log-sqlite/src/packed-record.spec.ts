import type { AppendRequest } from '@chargeproof/log';
import { ODD_ATTRIBUTES, sampleRecord } from '@chargeproof/log/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockCursor, BlockPacker, prepare } from './packed-record.ts';
import { DamagedBlock, openBlock, storeBlock } from './stored-block.ts';

const anyRecord: fc.Arbitrary<AppendRequest> = fc.record({
  key: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('default/ST-1')),
  attributes: fc.constantFrom(...ODD_ATTRIBUTES, sampleRecord('ST-1', 7).attributes),
  value: fc.uint8Array({ maxLength: 3000 }),
});
const placed = fc.record({ record: anyRecord, partition: fc.nat(23), own: fc.option(fc.nat()) });

function pack(given: readonly { record: AppendRequest; partition: number; own: number | null }[]) {
  const packer = new BlockPacker();
  for (const { record, partition, own } of given) packer.add(prepare(partition, record), own ?? undefined);
  const { buffer, length } = packer.packed;
  const body = new Uint8Array(buffer, 0, length);
  return { first: 100, count: packer.count, partitions: packer.partitions, loggedAt: 5, body };
}

describe('a block', () => {
  it('gives back every record as it was packed, stored compressed or not', () => {
    fc.assert(
      fc.property(fc.array(placed, { minLength: 1, maxLength: 12 }), (given) => {
        const block = pack(given);
        const cursor = new BlockCursor(block.first, block.loggedAt, openBlock(storeBlock(block)));
        const expected = given.map(({ record, partition, own }, index) => ({
          ...record,
          position: { generation: 0, partition, offset: 100 + index },
          loggedAt: own ?? 5,
        }));
        const read = [];
        while (cursor.advance()) read.push(cursor.record(0));
        expect(read).toEqual(expected);
        expect(block.partitions).toBe(given.reduce((mask, { partition }) => mask | (1 << partition), 0));
      }),
    );
  });

  it('does not open when any bit of its columns or its body is another', () => {
    const stored = storeBlock(pack([{ record: sampleRecord('ST-1', 0), partition: 3, own: null }]));
    const columns = ['first', 'count', 'partitions', 'loggedAt', 'codec', 'checksum'] as const;
    for (const column of columns) {
      expect(() => openBlock({ ...stored, [column]: stored[column] ^ 1 })).toThrow(DamagedBlock);
    }
    for (let bit = 0; bit < stored.body.length * 8; bit += 1) {
      const body = stored.body.slice();
      body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openBlock({ ...stored, body })).toThrow(DamagedBlock);
    }
  });

  it('refuses a key that its length does not fit', () => {
    expect(() => prepare(0, { ...sampleRecord('ST-1', 0), key: 'é'.repeat(40_000) })).toThrow(RangeError);
    expect(() => prepare(0, { ...sampleRecord('ST-1', 0), key: 'e'.repeat(60_000) })).not.toThrow();
  });
});
