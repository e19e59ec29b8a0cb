import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonNode, JsonValue } from './index.ts';
import { latin1, MAX_DEPTH, outline, readTree, readValue, utf8FaultAt } from './index.ts';

const encode = (text: string) => latin1(Buffer.from(text));

/** What JSON.parse gives, from ours. */
function meaning(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map((item: JsonValue) => meaning(item));
  if (value instanceof Map) {
    return Object.fromEntries(
      [...(value as Map<string, JsonValue>)].map(([name, each]) => [name, meaning(each)]),
    );
  }
  return typeof value === 'object' && value !== null && 'source' in value ? Number(value.source) : value;
}

/** Its source again, told only from the places of a tree. */
function rebuilt(text: string, node: JsonNode): unknown {
  if (node.kind === 'array') return node.items.map((item) => rebuilt(text, item));
  if (node.kind === 'object') {
    return Object.fromEntries(node.members.map(({ name, value }) => [name, rebuilt(text, value)]));
  }
  return JSON.parse(Buffer.from(text.slice(node.start, node.end), 'latin1').toString());
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Compares with JSON.parse, which is the judge of both. */
function agrees(source: string): void {
  const text = encode(source);
  const { root, fault } = outline(text);
  const expected = parsed(source);
  expect(fault === undefined).toBe(expected !== undefined);
  if (!root || !expected) return;
  // A member called __proto__ sets no property of its own in what `meaning` builds.
  if (source.includes('__proto__')) return;
  expect(meaning(readValue(text, root.start))).toEqual(expected.value);
  expect(rebuilt(text, readTree(text, root.start))).toEqual(expected.value);
}

const BYTES = Array.from('{}[],:"\\ 0-e.tn\u0001');
const spaced = fc.tuple(fc.json({ stringUnit: 'binary' }), fc.constantFrom(undefined, 1, '\t', ' \r\n'));
const pieces = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '"a"',
    '"a":',
    '1',
    '-',
    '0',
    '01',
    '1.',
    '.5',
    '1e',
    '1e+',
    '-0',
  ],
  ...['1E5', 'true', 'tru', 'false', 'null', 'nul', 'NaN', 'Infinity', ' ', '\n', '\t', '\u00a0', '\u0000'],
  ...['"\\u00', '"\\u0000"', '"\\ud800"', '"\\x"', '"ü"', '"\u{1f600}"', "'a'", '//', '\ufeff'],
);

describe('JSON', () => {
  it('that is valid means what JSON.parse says', () => {
    fc.assert(
      fc.property(spaced, ([json, space]) => {
        agrees(JSON.stringify(JSON.parse(json), undefined, space));
        agrees(json);
      }),
      { numRuns: 300 },
    );
  });

  it('of any pieces is accepted exactly where JSON.parse accepts it', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        agrees(parts.join(''));
      }),
      { numRuns: 3000 },
    );
  });

  it('with one byte changed is accepted exactly where JSON.parse accepts it', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom(...BYTES), (json, place, by) => {
        const at = place % (json.length + 1);
        agrees(json.slice(0, at) + by + json.slice(at + 1));
      }),
      { numRuns: 1000 },
    );
  });

  it('that is cut off is truncated, at its end', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.nat(), (items, place) => {
        const json = JSON.stringify(items);
        const text = encode(json);
        const cut = text.slice(0, place % text.length);
        expect(outline(cut).fault).toEqual({ reason: 'truncated', offset: cut.length });
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['[1,]', 3],
    ['[1}', 2],
    ['{"a" 1}', 5],
    ['{a:1}', 1],
    ['{"a":1,}', 7],
    ['[NaN]', 1],
    ['[-Infinity]', 2],
    ['[01]', 2],
    ['[+1]', 1],
    ['[.5]', 1],
    ['[1.e5]', 3],
    ['["\\x"]', 3],
    ['["\\u00g0"]', 6],
    ['["a\u0000"]', 3],
    ['["a\nb"]', 3],
    ['[trux]', 4],
    ['[1] [2]', 4],
    ['\ufeff[1]', 0],
    ["['a']", 1],
    ['[1]\u0000', 3],
    ['{"transactionId": ,"x":1}', 18],
  ])('%j is wrong at byte %i', (json, offset) => {
    expect(outline(encode(json)).fault).toEqual({ reason: 'wrong', offset });
  });

  it.each(['', '  ', '[', '[1', '[1,', '{"a"', '{"a":', '"\\', '"\\u12', '-', '1.', '1e', 'tru', '["ü'])(
    '%j is truncated at its end',
    (json) => {
      const text = encode(json);
      expect(outline(text).fault).toEqual({ reason: 'truncated', offset: text.length });
    },
  );

  it('keeps the elements before a fault, and never half a number', () => {
    const elements = (json: string) => outline(json).elements.map(({ start, end }) => json.slice(start, end));
    expect(elements('[2,"id","Act')).toEqual(['2', '"id"']);
    expect(elements('[2,"id" "x"]')).toEqual(['2', '"id"']);
    expect(elements('[12')).toEqual([]);
    expect(elements('[2 , {"a":[1]} , null ]')).toEqual(['2', '{"a":[1]}', 'null']);
    expect(elements('{"a":[1]}')).toEqual([]);
    expect(elements(`[${'1,'.repeat(1000)}1]`)).toEqual(Array.from({ length: 16 }, () => '1'));
  });

  it('keeps the source text of numbers', () => {
    for (const source of ['9223372036854775807', '-0', '1.0', '1e400', '0.1000', '2E+01']) {
      expect(readValue(source, 0)).toEqual({ source });
    }
  });

  it('keeps zero characters and lone surrogates', () => {
    expect(readValue('"a\\u0000b"', 0)).toBe('a\u0000b');
    expect(readValue('"\\ud800x\\udc00"', 0)).toBe('\ud800x\udc00');
    expect(readValue('"\\ud83d\\ude00\\/\\"\\\\\\n"', 0)).toBe('\u{1f600}/"\\\n');
  });

  it.each([
    ['{"a":1,"a":2}', ['/a']],
    ['[3,"x",{"a":{"b":1,"b":2,"b":3}}]', ['/2/a/b']],
    ['{"idTag":1,"\\u0069dTag":2}', ['/idTag']],
    ['{"~/":[{"x":1},{"é":1,"é":2}]}', ['/~0~1/1/é']],
    ['{"a":1,"A":2,"b":{"a":1}}', []],
    [`{${Array.from({ length: 40 }, (_, i) => `"n${i % 39}":0`).join()}}`, ['/n0']],
    ['{"a":1,"a":2', []],
    ['[{"a":1,"a":2},', ['/0/a']],
  ])('%s holds %j twice', (json, pointers) => {
    expect(outline(encode(json)).duplicateKeys).toEqual(pointers);
  });

  it('reports each of many duplicate names once, and not without end', () => {
    const many = `{${Array.from({ length: 3000 }, (_, i) => `"n${i % 1000}":0`).join()}}`;
    expect(new Set(outline(many).duplicateKeys).size).toBe(64);
  });

  it.each([
    [
      'one name again and again below a long one',
      (n: string) => `{"${n}":{${'"a":1,'.repeat(170_000)}"a":1}}`,
    ],
    ['objects of one pointer', (n: string) => `{"${n}":{${'"a":{"b":1,"b":1},'.repeat(58_000)}"a":1}}`],
    ['objects in a list', (n: string) => `{"${n}":[${'{"a":1,"a":1},'.repeat(75_000)}1]}`],
  ])('finds duplicates in a time that grows with the text and no faster: %s', (_what, textWith) => {
    const text = textWith('n'.repeat(1_000_000));
    const started = performance.now();
    const { duplicateKeys } = outline(text);
    // Minutes, where each duplicate makes a pointer of a million characters.
    expect(performance.now() - started).toBeLessThan(3000);
    expect(duplicateKeys[0]).toMatch(/^\/n{256}…\//);
  });

  it('of any depth gets a verdict', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(outline(nested(MAX_DEPTH)).fault).toBeUndefined();
    expect(readTree(nested(MAX_DEPTH), 0).end).toBe(2 * MAX_DEPTH);
    expect(outline(nested(MAX_DEPTH + 1)).fault).toEqual({ reason: 'too-deep', offset: MAX_DEPTH });
    expect(outline('{"a":'.repeat(1_000_000)).fault).toEqual({ reason: 'too-deep', offset: 5 * MAX_DEPTH });
  });

  it('of any bytes gets a verdict', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = latin1(bytes);
        const { fault, root } = outline(text);
        expect(fault === undefined).toBe(root !== undefined);
        if (root) readValue(text, root.start);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('UTF-8', () => {
  it('is told from what is none as TextDecoder tells it', () => {
    const fatal = new TextDecoder('utf-8', { fatal: true });
    const valid = (bytes: Uint8Array) => {
      try {
        fatal.decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    const text = fc.string({ unit: 'binary' }).map((each) => Buffer.from(each));
    const bytes = fc
      .tuple(text, fc.uint8Array({ maxLength: 3 }), text)
      .map((parts) => new Uint8Array(Buffer.concat(parts)));
    fc.assert(
      fc.property(bytes, (each) => {
        const at = utf8FaultAt(each);
        expect(at === -1).toBe(valid(each));
        if (at >= 0) {
          expect(valid(each.subarray(0, at))).toBe(true);
          expect(
            [1, 2, 3, 4].some(
              (length) => at + length <= each.length && valid(each.subarray(at, at + length)),
            ),
          ).toBe(false);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
