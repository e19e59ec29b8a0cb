import { isAscii, isUtf8 } from 'node:buffer';

/**
 * JSON is read as latin1 text: one character is one byte, so that every offset is a byte's. Structure is
 * ASCII in any case; the contents of strings are decoded as UTF-8 only where somebody asks for them.
 */
export function latin1(bytes: Uint8Array): string {
  return viewOf(bytes).toString('latin1');
}

/** The reverse of {@link latin1}: the characters of a latin1 text as bytes. */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Decodes latin1 text that holds UTF-8. What is not UTF-8 becomes U+FFFD, as in TextDecoder. */
export function utf8(text: string): string {
  return bytesOf(text).toString('utf8');
}

/** @returns the offset of the first byte that starts no UTF-8 character, or -1 where all is UTF-8 */
export function utf8FaultAt(bytes: Uint8Array): number {
  if (isAscii(bytes) || isUtf8(bytes)) return -1;
  let at = 0;
  for (;;) {
    const length = characterLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
}

/** Lead byte → bytes of the character, and the bounds of its second byte (Unicode 15, table 3-7). */
const LEADS = [
  { from: 0x00, to: 0x7f, length: 1, low: 0, high: 0 },
  { from: 0xc2, to: 0xdf, length: 2, low: 0x80, high: 0xbf },
  { from: 0xe0, to: 0xe0, length: 3, low: 0xa0, high: 0xbf },
  { from: 0xe1, to: 0xec, length: 3, low: 0x80, high: 0xbf },
  { from: 0xed, to: 0xed, length: 3, low: 0x80, high: 0x9f },
  { from: 0xee, to: 0xef, length: 3, low: 0x80, high: 0xbf },
  { from: 0xf0, to: 0xf0, length: 4, low: 0x90, high: 0xbf },
  { from: 0xf1, to: 0xf3, length: 4, low: 0x80, high: 0xbf },
  { from: 0xf4, to: 0xf4, length: 4, low: 0x80, high: 0x8f },
] as const;

/** 0 where no character starts there. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0xff;
  const lead = LEADS.find(({ from, to }) => first >= from && first <= to);
  if (!lead) return 0;
  const { length, low, high } = lead;
  if (length === 1) return 1;
  const second = bytes[at + 1] ?? 0;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
