import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toBytes, toText } from './text.ts';

it('gives back any text, lone surrogates included', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.array(fc.integer({ min: 0xd700, max: 0xe000 })),
      (text, units) => {
        const odd = text + String.fromCharCode(...units) + text;
        expect(toText(toBytes(odd))).toBe(odd);
      },
    ),
  );
});

it('writes well-formed text as UTF-8, so that other clients read it', () => {
  expect(toBytes('Müller \u{1f697}')).toEqual(Buffer.from('Müller \u{1f697}'));
});
