import { type Attributes, NO_STATION_KEY, RECORD_TYPES, recordKey } from '@chargeproof/record';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedRecord } from './reader.ts';
import { recordFormatReader, writeRecord } from './record-format.ts';
import { readAll, toldOf } from './testing/read-all.ts';

const ATTRIBUTES: Attributes = {
  id: 'connection/1',
  source: 'run',
  type: 'ocpp.frame.v1',
  tenant: 'north',
  subject: 'CP 1/ä',
  time: 0,
  witness: 'import',
  connection: 'connection',
  sequence: 1,
  monotonic: 17,
  protocol: 'ocpp1.6',
  direction: 'csms-to-station',
  origin: 'gateway',
  opcode: 'binary',
  claimed: 'noon, about',
  inferred: 'direction',
  cut: { bytes: 5_000_000, sha256: 'ab' },
  loggedat: 1_767_225_600_000_001,
  sealed: { version: 1, values: [], verdict: { reason: 'not-json', offset: 3 } },
};
const KEY = recordKey({ tenant: 'north', station: 'CP 1/ä' });
const again = (record: RecordedRecord) => readAll(recordFormatReader(), writeRecord(record), 1000)[0];

describe('our own format', () => {
  it.each(RECORD_TYPES)('gives back a record of type %s as it was', (type) => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: 'binary' }), (value, claimed) => {
        const record = { key: KEY, attributes: { ...ATTRIBUTES, type, claimed }, value: Buffer.from(value) };
        expect(again(record)).toEqual({ line: 1, record });
      }),
      { numRuns: 30 },
    );
  });

  it('gives back what a run says of itself, in its partition', () => {
    const { id, source, tenant, time } = ATTRIBUTES;
    const attributes: Attributes = { id, source, tenant, time, type: 'recorder.tick.v1', witness: 'wire' };
    const record = { key: NO_STATION_KEY, attributes, value: Buffer.from('{"a":"\\n"}'), partition: 23 };
    expect(again(record)).toEqual({ line: 1, record });
  });

  it.each([24, -1, 1.5, 1e15, '3'])('names what stands in a partition %j, which no log has', (partition) => {
    const { id, source, tenant, time } = ATTRIBUTES;
    const attributes: Attributes = { id, source, tenant, time, type: 'recorder.tick.v1', witness: 'wire' };
    const line = writeRecord({ key: NO_STATION_KEY, attributes, value: Buffer.from('{}') });
    const placed = `${JSON.stringify({ ...(JSON.parse(line) as object), partition })}\n`;
    expect(toldOf(readAll(recordFormatReader(), placed))).toEqual(['1: has a partition that no log has']);
  });

  it('names what is no record', () => {
    const line = writeRecord({ key: KEY, attributes: ATTRIBUTES, value: Buffer.from('[2]') });
    const lines = [
      line.replace('"key":"north/', '"key":"south/'),
      line.replace('"data":', '"dada":'),
      line.replace('ocpp.frame.v1', 'ocpp.frame.v9'),
      line,
    ];
    expect(toldOf(readAll(recordFormatReader(), lines.join('')))).toEqual([
      '1: has a key that is not its station',
      '2: has neither data nor data_base64',
      '3: is no record of ours: ce_type is nothing this version reads: ocpp.frame.v9',
      'connection/1',
    ]);
  });
});
