import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, encodeText } from './wtf8.ts';

describe('text in bytes', () => {
  it('comes back as it was, lone surrogates too', () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    const surrogates = fc.constantFrom('\ud800', '\udbff', '\udc00', '\udfff', '\ud7ff', '\ue000', '한', 'a');
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(unit, surrogates) }), (text) => {
        expect(decodeText(encodeText(text))).toBe(text);
      }),
    );
  });

  it('is UTF-8 where UTF-8 can hold it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(encodeText(text).equals(Buffer.from(text))).toBe(true);
      }),
    );
  });

  it('replaces what is neither', () => {
    expect(decodeText(Buffer.from([0x61, 0xff, 0xed, 0x9f, 0xbf, 0xed]))).toBe('a\ufffd\ud7ff\ufffd');
  });
});
