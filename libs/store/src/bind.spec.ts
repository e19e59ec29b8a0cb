import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bind } from './bind.ts';

describe('bind', () => {
  it.each([
    ['SELECT {a:String}', { a: "x'y\\z" }, "SELECT _CAST('x\\'y\\\\z', 'String')"],
    ['LIMIT {n:UInt32}', { n: 5 }, "LIMIT _CAST(5, 'UInt32')"],
    ["{ t : DateTime64(6, 'UTC') }", { t: '1.5' }, "_CAST('1.5', 'DateTime64(6, \\'UTC\\')')"],
    [
      '{a:Array(String)} {a:Array(String)}',
      { a: ['b', null] },
      "_CAST(['b', NULL], 'Array(String)') _CAST(['b', NULL], 'Array(String)')",
    ],
    [
      "{t:Nullable(DateTime64(6, 'UTC'))}",
      { t: 1 },
      "_CAST(fromUnixTimestamp64Micro(1, 'UTC'), 'Nullable(DateTime64(6, \\'UTC\\'))')",
    ],
    ['{a:Bool}', { a: true }, "_CAST(true, 'Bool')"],
    ['{a:String}', { a: 'x\ud800' }, "_CAST(unhex('78eda080'), 'String')"],
    ["SELECT {'a': 1}, '{a:String}'", {}, "SELECT {'a': 1}, '{a:String}'"],
  ])('%s with %j', (sql, parameters, text) => {
    expect(bind(sql, parameters)).toBe(text);
  });

  it('does not bind what a value brings with it', () => {
    expect(bind('{a:String} {b:String}', { a: '{b:String}', b: '$&' })).toBe(
      "_CAST('{b:String}', 'String') _CAST('$&', 'String')",
    );
  });

  it('keeps any text inside its quotes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("'", '\\', '\0', 'n', '{', '}', '\ud800', ' ') }),
        (text) => {
          const bound = bind('{a:String}', { a: text });
          // By ClickHouse's rule: a quote ends the literal unless a backslash stands before it.
          expect(bound).toMatch(/^_CAST\((?:'(?:[^'\\\0]|\\['\\0])*'|unhex\('[0-9a-f]*'\)), 'String'\)$/);
        },
      ),
    );
  });
});
