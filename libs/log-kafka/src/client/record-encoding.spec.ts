import { expect, it } from 'vitest';
import { encodedByKafkajs, encodedRecord, type EncodedFrom } from './record-encoding.ts';

const bytes = (length: number) => Buffer.alloc(length, 'é');
const LENGTHS = [0, 1, 63, 64, 8191, 8192, 1_048_576];

it.each(LENGTHS)(
  'a record whose parts are of %i bytes is what kafkajs makes of it, byte for byte',
  (length) => {
    const record = {
      offsetDelta: length,
      timestampDelta: 0,
      key: bytes(length),
      value: bytes(length),
      headers: { none: bytes(0), ['n'.repeat(Math.min(length, 300))]: bytes(length) },
    };
    const { buffer } = encodedRecord(record);
    expect(buffer.equals(encodedByKafkajs(record).buffer)).toBe(true);
  },
);

it.each<[string, EncodedFrom]>([
  ['without a key', { key: null, value: bytes(3) }],
  ['with a time', { key: bytes(1), value: bytes(3), timestampDelta: 7 }],
  ['of texts', { key: 'k', value: 'v', headers: { name: 'text' } }],
  ['with a name beyond ASCII', { key: bytes(1), value: bytes(3), headers: { né: bytes(2) } }],
  ['without headers', { key: bytes(1), value: bytes(3) }],
])('a record %s is, too', (_, record) => {
  expect(encodedRecord(record).buffer.equals(encodedByKafkajs(record).buffer)).toBe(true);
});
