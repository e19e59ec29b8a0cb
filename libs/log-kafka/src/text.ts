import { isUtf8 } from 'node:buffer';

/**
 * Text as Kafka carries it: UTF-8, and a lone surrogate as the three bytes that UTF-8 would have had for it
 * (WTF-8), because what a station said must come back as it was said.
 */
export function toBytes(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  return Buffer.concat(Array.from(text, (character) => bytesOf(character)));
}

/** The reverse of {@link toBytes}. */
export function toText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  return bytes
    .toString('latin1')
    .split(LONE_SURROGATE)
    .map((part, index) => {
      const bytes = Buffer.from(part, 'latin1');
      return index % 2 === 0 ? bytes.toString() : surrogateOf(bytes);
    })
    .join('');
}

const LONE_SURROGATE = /(\xed[\xa0-\xbf][\x80-\xbf])/;

function bytesOf(character: string): Buffer {
  if (character.isWellFormed()) return Buffer.from(character);
  const unit = character.charCodeAt(0);
  return Buffer.of(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
}

const surrogateOf = ([first = 0, second = 0, third = 0]: Buffer) =>
  String.fromCharCode(((first & 0xf) << 12) | ((second & 0x3f) << 6) | (third & 0x3f));
