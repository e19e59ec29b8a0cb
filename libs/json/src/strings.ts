import { utf8 } from './bytes.ts';
import { BACKSLASH, LOWER_U } from './characters.ts';

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Decodes what stands between a string's quotes, bytes [start, end) of a latin1 text that is JSON. */
export function decodeString(text: string, start: number, end: number): string {
  let bits = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) return decodeEscapes(text, start, end);
    bits |= code;
  }
  const plain = text.slice(start, end);
  return bits > 0x7f ? utf8(plain) : plain;
}

/** Lone surrogates and `\u0000` stay what they are. */
function decodeEscapes(text: string, start: number, end: number): string {
  let decoded = '';
  let from = start;
  for (;;) {
    const backslash = text.indexOf('\\', from);
    if (backslash < 0 || backslash >= end) return decoded + utf8(text.slice(from, end));
    decoded += utf8(text.slice(from, backslash));
    if (text.charCodeAt(backslash + 1) === LOWER_U) {
      decoded += String.fromCharCode(Number.parseInt(text.slice(backslash + 2, backslash + 6), 16));
      from = backslash + 6;
    } else {
      const letter = text.charAt(backslash + 1);
      decoded += SHORT_ESCAPES[letter] ?? letter;
      from = backslash + 2;
    }
  }
}
