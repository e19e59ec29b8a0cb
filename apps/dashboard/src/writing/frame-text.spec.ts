import { describe, expect, it } from 'vitest';
import { bytesOf, hexLines } from './bytes.ts';
import { prettyJson } from './json.ts';

describe('a frame as text', () => {
  it('gets lines and no other number, escape or key than was sent', () => {
    const sent = '[2,"1","A",{"a":1.50,"a":12345678901234567890,"b":"x\\u00e9, {y}\\"","c":[],"d":{}}]';
    const pretty = prettyJson(sent);
    expect(pretty?.split('\n')).toEqual([
      '[',
      '  2,',
      '  "1",',
      '  "A",',
      '  {',
      '    "a": 1.50,',
      '    "a": 12345678901234567890,',
      '    "b": "x\\u00e9, {y}\\"",',
      '    "c": [],',
      '    "d": {}',
      '  }',
      ']',
    ]);
  });

  it('is not made up where it is no JSON', () => {
    expect(prettyJson('[2,"1","Bo')).toBeUndefined();
  });

  it('is shown byte by byte, whatever it is', () => {
    expect(hexLines(bytesOf(btoa('[2]\u0000\u00ff')))).toEqual([
      { offset: '000000', hex: '5b 32 5d 00 ff', text: '[2]··' },
    ]);
    expect(hexLines(new Uint8Array(33)).map(({ offset }) => offset)).toEqual(['000000', '000010', '000020']);
  });
});
