import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attributes } from './attributes.ts';
import { RECORD_TYPES } from './attributes.ts';
import { readAttributes, writeAttributes } from './compact.ts';
import { connectionId, recordId, runId } from './ids.ts';
import { anyAttributes } from './testing/attributes.ts';

const run = runId(1_795_000_000_000_000, 'k3x9qz');
const connection = connectionId(1_795_000_123_456_789, run, 12);
const usual: Attributes = {
  id: recordId(connection, 17),
  source: run,
  type: 'ocpp.frame.v1',
  tenant: 'default',
  subject: 'CP-000123',
  time: 1_795_000_123_456_789 + 61_000_012,
  witness: 'wire',
  connection,
  sequence: 17,
  monotonic: 61_000_000,
  protocol: 'ocpp1.6',
  direction: 'station-to-csms',
  origin: 'station',
  opcode: 'text',
};

describe('the compact form of the attributes', () => {
  it('gives back exactly what was written', () => {
    fc.assert(
      fc.property(anyAttributes, (attributes) => {
        expect(readAttributes(writeAttributes(attributes))).toEqual(attributes);
      }),
    );
  });

  it('takes nothing over from another record of the same connection', () => {
    const others: readonly Attributes[] = [
      usual,
      { ...usual, subject: 'CP-2' },
      { ...usual, protocol: 'ocpp2.0.1' },
      { ...usual, source: runId(1_795_000_000_000_001, 'zzzzzz') },
      { ...usual, tenant: 'north' },
      usual,
    ];
    const written = others.map(writeAttributes);
    expect(written.map(readAttributes)).toEqual(others);
    expect(written.at(-1)).toBe(written[0]);
  });

  it('keeps a usual frame under 120 bytes', () => {
    const written = writeAttributes(usual);
    expect(Buffer.byteLength(written)).toBeLessThan(120);
    expect(written).toBe(
      `[1,0,"${connection}",17,"${run.slice(0, 12)}","sstw",12,61000000,"CP-000123","ocpp1.6"]`,
    );
  });

  it.each(RECORD_TYPES)('has a number for %s', (type) => {
    expect(readAttributes(writeAttributes({ ...usual, type })).type).toBe(type);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '[1,0,'],
    ['another version', '[2,0,"c",1,"r","sstw",0,0,"s","p"]'],
    ['a type of a later version', '[1,99,"c",1,"r","sstw",0,0,"s","p"]'],
    ['a witness of a later version', '[1,0,"c",1,"r","sstx",0,0,"s","p"]'],
    ['another shape', '{"id":"x"}'],
  ])('refuses %s', (_what, written) => {
    expect(() => readAttributes(written)).toThrow(expect.objectContaining({ name: 'UnreadableRecord' }));
  });
});
