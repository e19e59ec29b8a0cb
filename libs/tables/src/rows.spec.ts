import { describe, expect, it } from 'vitest';
import type { ColumnType, Row, Scalar, TableDefinition } from './definition.ts';
import { RowRefused } from './errors.ts';
import { complaintReader, RowText } from './rows.ts';

const tableOf = (type: ColumnType): TableDefinition => ({
  name: 'things',
  columns: { value: type },
  orderBy: ['value'],
  engine: { kind: 'MergeTree' },
});
const textOf = (table: TableDefinition, rows: readonly Row[]) => {
  const text = new RowText(table);
  for (const row of rows) text.add(row);
  return text;
};
const written = (type: ColumnType, ...values: Scalar[]) =>
  textOf(
    tableOf(type),
    values.map((value) => ({ value })),
  ).bytes;

describe('rows', () => {
  it('are one JSON array a line, in the order of the definition', () => {
    const table: TableDefinition = { ...tableOf('String'), columns: { b: 'UInt8', a: 'Nullable(String)' } };
    const rows = [
      { a: 'x\n"\0', b: 1 },
      { b: 2, a: null },
    ];
    const text = textOf(table, rows);
    expect(text.bytes.toString()).toBe('[1,"x\\n\\"\\u0000"]\n[2,null]\n');
    expect(text.count).toBe(2);
    expect(text.rows()).toEqual(rows);
  });

  it('are added one after the other, however many, and a refused one not at all', () => {
    const table = tableOf('String');
    const rows = Array.from({ length: 5000 }, (_, index) => ({
      value: `${index} ü\ud800${'x'.repeat(index % 99)}`,
    }));
    const text = textOf(table, rows);
    expect(() => text.add({ value: 1 })).toThrow(RowRefused);
    text.addLine('["as it is"]');
    expect(text.rows()).toEqual([...rows, { value: 'as it is' }]);
    expect(text.count).toBe(5001);
  });

  it('hold lone surrogates in three bytes, and leave their escapes in text alone', () => {
    expect(written('String', 'a\ud800b').toString('hex')).toBe(
      Buffer.from('["a').toString('hex') + 'eda080' + Buffer.from('b"]\n').toString('hex'),
    );
    expect(written('String', '\\ud800 \\\\\udfff').toString('hex')).toContain('edbfbf');
    expect(written('String', '"\\ud83d\\ude00"').toString()).toBe('["\\"\\\\ud83d\\\\ude00\\""]\n');
    expect(written('String', '😀').toString()).toBe('["😀"]\n');
  });

  const refused: [ColumnType, Scalar][] = [
    ['UInt8', 256],
    ['UInt16', -1],
    ['UInt32', '5'],
    ['UInt64', -1],
    ['UInt64', '18446744073709551616'],
    ['UInt64', '1e3'],
    ['Int64', 2 ** 53],
    ['Int64', '9223372036854775808'],
    ['Nullable(Int64)', ''],
    ['Bool', 1],
    ["DateTime64(6, 'UTC')", 1.5],
    ["DateTime64(6, 'UTC')", '2026-11-21T10:00:00Z'],
    ['Nullable(Decimal(38, 9))', 0.1],
    ['Nullable(Decimal(38, 9))', '1.0000000001'],
    ['Nullable(Decimal(38, 9))', '1e3'],
    ['String', null],
    ['LowCardinality(String)', 1],
    ['Nullable(String)', false],
  ];
  it.each(refused)('%s refuses %j', (type, value) => {
    expect(() => written(type, value)).toThrow(RowRefused);
    expect(() => written(type, value)).toThrow(/^things, row 0: column value takes /);
    expect(complaintReader({ value: type })({ value })).toMatch(/^value takes /);
  });
});
