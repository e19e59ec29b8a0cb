import type { Attributes, LoggedRecord } from '@chargeproof/record';
import { NO_STATION_KEY, RECORD_TYPES, effectiveTime, recordKey } from '@chargeproof/record';
import { RowText } from '@chargeproof/tables';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SelectedRow } from './from-row.ts';
import { fromRow } from './from-row.ts';
import { Subjects } from './subjects.ts';
import { RECORD_COLUMNS, RECORDS } from './table.ts';
import type { RecordRow } from './to-row.ts';
import { lineOf, toRow } from './to-row.ts';

const text = fc.string({ unit: 'binary' });
const micros = fc.integer({ min: 0, max: 4e15 });
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const attributes: fc.Arbitrary<Attributes> = fc
  .record({
    id: text,
    source: text,
    type: fc.constantFrom(...RECORD_TYPES),
    tenant: fc.constantFrom('default', 'acme', ''),
    time: fc.oneof(micros, fc.constantFrom(-5, 1.5, 1e20)),
    witness: fc.constantFrom('wire' as const, 'import' as const),
    subject: optional(fc.constantFrom('CS-1', '', 'a/b', '-', 'Ünïcode')),
    connection: optional(fc.constantFrom('', '0mi7k3q2x00-abc123-0', 'odd')),
    sequence: optional(fc.oneof(fc.nat(), fc.constantFrom(-1, 0.5, 2 ** 40))),
    monotonic: optional(fc.oneof(fc.nat({ max: 1e12 }), fc.constantFrom(-3, 1e300, 0.1))),
    protocol: optional(fc.constantFrom('', 'ocpp1.6')),
    direction: optional(fc.constantFrom('station-to-csms' as const, 'csms-to-station' as const)),
    origin: optional(fc.constantFrom('station' as const, 'csms' as const, 'gateway' as const)),
    opcode: optional(fc.constantFrom('text' as const, 'binary' as const)),
    cut: optional(fc.record({ bytes: fc.nat(), sha256: text })),
    sealed: optional(fc.constant({ version: 1 as const, values: [] })),
    loggedat: optional(micros),
    claimed: optional(fc.constantFrom('', '2026-11-01 08:00', '\ud800')),
    inferred: optional(fc.constant('direction' as const)),
  })
  .map(
    (all) =>
      Object.fromEntries(
        Object.entries(all).filter(([, value]) => value !== undefined),
      ) as unknown as Attributes,
  );

const record: fc.Arbitrary<LoggedRecord> = fc.record({
  key: fc.oneof(
    fc.constantFrom(NO_STATION_KEY, 'no key', '/', 'a/%zz', 'default/CS-1', 'default/a%2fb', '-', ''),
    fc
      .record({ tenant: fc.constantFrom('default', 'acme'), station: text.map((s) => s.toWellFormed()) })
      .map(recordKey),
  ),
  attributes,
  value: fc.uint8Array({ maxLength: 40 }),
  position: fc.record({ generation: fc.nat(9), partition: fc.nat(23), offset: fc.nat() }),
  loggedAt: micros,
});

const rowOf = (given: LoggedRecord) =>
  toRow(given, undefined, effectiveTime(given.attributes), new Subjects());
/** As ClickHouse gives a row back: through JSON, 64-bit integers as texts, times under their other name. */
function asSelected(row: RecordRow): SelectedRow {
  const { effective_time, logged_at, time, ...rest } = row;
  const selected = {
    ...rest,
    log_offset: String(row.log_offset),
    monotonic: row.monotonic === null ? null : String(row.monotonic),
    effective_time_us: String(effective_time),
  };
  return JSON.parse(
    JSON.stringify({ ...selected, logged_at_us: String(logged_at), time_us: String(time) }),
  ) as SelectedRow;
}

describe('records', () => {
  it('gives every record back as it was, to the byte', () => {
    fc.assert(
      fc.property(record, (given) => {
        const back = fromRow(asSelected(rowOf(given)));
        expect({ ...back, value: [...back.value] }).toEqual({ ...given, value: [...given.value] });
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps bytes that are no valid UTF-8', () => {
    const value = Uint8Array.of(0x5b, 0xff, 0xfe, 0x5d);
    const row = rowOf({ ...sample, value });
    expect(row.encoding).toBe('base64');
    expect([...fromRow(asSelected(row)).value]).toEqual([...value]);
  });

  it('writes nothing beside the columns for a common frame', () => {
    expect(rowOf(sample)).toMatchObject({ other: '', sealed: '', tenant: 'default', station: 'CS-1' });
  });

  it('places what a run says of itself under the run and its partition', () => {
    const tick = {
      ...sample,
      key: 'anything',
      attributes: { ...sample.attributes, type: 'recorder.tick.v1' as const },
    };
    expect(rowOf(tick)).toMatchObject({ tenant: '', station: `${sample.attributes.source}.3` });
  });

  it('makes a row that the table takes, of whatever a record claims', () => {
    fc.assert(
      fc.property(record, (given) => {
        const row = rowOf(given);
        const checked = new RowText(RECORDS).add(row).bytes;
        expect(new RowText(RECORDS).addLine(lineOf(row)).bytes.equals(checked)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('has a member for every column, in their order', () => {
    expect(Object.keys(rowOf(sample))).toEqual(Object.keys(RECORD_COLUMNS));
  });

  it('searches what a frame claims only as far as a column can hold it', () => {
    const frame = { kind: 'unknown' as const, messageType: 1.5, messageId: '\ud800', duplicateKeys: [] };
    expect(toRow(sample, frame, 0, new Subjects())).toMatchObject({
      message_type: null,
      message_id: '\ud800',
    });
  });
});

const sample: LoggedRecord = {
  key: 'default/CS-1',
  attributes: {
    id: '0mi7k3q2x00-abc123-0/7',
    source: '0mi7k3q2x00-abc123',
    type: 'ocpp.frame.v1',
    tenant: 'default',
    subject: 'CS-1',
    time: 1_763_700_000_000_000,
    witness: 'wire',
    connection: '0mi7k3q2x00-abc123-0',
    sequence: 7,
    monotonic: 12,
    protocol: 'ocpp1.6',
    direction: 'station-to-csms',
    origin: 'station',
    opcode: 'text',
  },
  value: new TextEncoder().encode('[2,"1","Heartbeat",{}]'),
  position: { generation: 0, partition: 3, offset: 11 },
  loggedAt: 1_763_700_000_000_500,
};
