import type { ColumnType, Row, Scalar } from '@chargeproof/tables';
import fc from 'fast-check';

const TIME = "DateTime64(6, 'UTC')";

/** Any JavaScript text: control characters, quotes, lone surrogates and all. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '\0',
      '\\',
      "'",
      '"',
      '\n',
      '\t',
      '\u2028',
      '\ud800',
      '\udc00',
      '{',
      '}',
      '-',
      'u',
      'é',
      '😀',
    ),
  }),
  fc.constantFrom("'; DROP TABLE x; --", '\\ud800', '{a:String}', "\\'", '*/', '\\N', '\ud83d', '\ufffd'),
);
const integer = (least: bigint, most: bigint) =>
  fc.oneof(fc.bigInt(least, most), fc.constantFrom(least, most)).map(String);
const micros = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
const decimal = fc
  .tuple(fc.bigInt(-(10n ** 29n) + 1n, 10n ** 29n - 1n), fc.integer({ min: 1, max: 999_999_999 }))
  .map(([whole, part]) => `${whole}.${String(part).padStart(9, '0')}`.replace(/0+$/, ''));

export const VALUES: Readonly<Record<ColumnType, fc.Arbitrary<Scalar>>> = {
  String: anyText,
  'LowCardinality(String)': anyText,
  'Nullable(String)': fc.option(anyText),
  UInt8: fc.integer({ min: 0, max: 255 }),
  UInt16: fc.integer({ min: 0, max: 65_535 }),
  UInt32: fc.integer({ min: 0, max: 4_294_967_295 }),
  UInt64: integer(0n, 2n ** 64n - 1n),
  Int64: integer(-(2n ** 63n), 2n ** 63n - 1n),
  'Nullable(Int64)': fc.option(integer(-(2n ** 63n), 2n ** 63n - 1n)),
  'Nullable(UInt32)': fc.option(fc.integer({ min: 0, max: 4_294_967_295 })),
  Bool: fc.boolean(),
  'Nullable(Bool)': fc.option(fc.boolean()),
  [TIME]: micros,
  [`Nullable(${TIME})`]: fc.option(micros),
  'Nullable(Decimal(38, 9))': fc.option(decimal),
};

/** Every column type, one column each. */
export const EVERY_TYPE: Record<string, ColumnType> = Object.fromEntries(
  (Object.keys(VALUES) as ColumnType[]).map((type, index) => [`c${index}`, type]),
);
const isTime = (type: ColumnType) => type.includes('DateTime64');
export const everyValue = Object.entries(EVERY_TYPE)
  .map(([name, type]) => (isTime(type) ? `toString(toUnixTimestamp64Micro(${name})) AS ${name}` : name))
  .join(', ');

/** As a select of {@link everyValue} gives a row: times as text of whole microseconds. */
export function asSelected(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      const type = EVERY_TYPE[column];
      return [column, type !== undefined && isTime(type) && value !== null ? String(value) : value];
    }),
  );
}
