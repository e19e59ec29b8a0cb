/**
 * JavaScript text holds lone surrogates (`JSON.parse('"\\ud800"')` makes one, and a station may send it);
 * UTF-8 cannot. They are stored in generalised UTF-8 (WTF-8): three bytes, `ED A0..BF 80..BF`, that no
 * valid UTF-8 holds, so text comes back as it was.
 */

/** In unicode mode this matches a lone surrogate only, never half of a pair. */
const LONE_SURROGATE = /\p{Surrogate}/gu;
const SURROGATE_LEAD = 0xed;

/** UTF-8 of the text, lone surrogates in three bytes each. */
export function encodeText(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const parts: Buffer[] = [];
  let done = 0;
  for (const { index } of text.matchAll(LONE_SURROGATE)) {
    parts.push(Buffer.from(text.slice(done, index)), surrogateBytes(text.charCodeAt(index)));
    done = index + 1;
  }
  parts.push(Buffer.from(text.slice(done)));
  return Buffer.concat(parts);
}

/** The reverse of {@link encodeText}. Bytes that are neither UTF-8 nor surrogates become U+FFFD. */
export function decodeText(bytes: Buffer): string {
  let text = '';
  let done = 0;
  let at = bytes.indexOf(SURROGATE_LEAD);
  while (at >= 0) {
    if (isSurrogate(bytes, at)) {
      text += bytes.toString('utf8', done, at) + String.fromCharCode(surrogateAt(bytes, at));
      done = at + 3;
    }
    at = bytes.indexOf(SURROGATE_LEAD, at + 1);
  }
  return text + bytes.toString('utf8', done);
}

function surrogateBytes(unit: number): Buffer {
  return Buffer.from([SURROGATE_LEAD, 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
}

function surrogateAt(bytes: Buffer, at: number): number {
  return 0xd000 | ((byteAt(bytes, at + 1) & 0x3f) << 6) | (byteAt(bytes, at + 2) & 0x3f);
}

const isSurrogate = (bytes: Buffer, at: number) =>
  byteAt(bytes, at + 1) >= 0xa0 && byteAt(bytes, at + 1) <= 0xbf && (byteAt(bytes, at + 2) & 0xc0) === 0x80;

const byteAt = (bytes: Buffer, at: number) => bytes[at] ?? 0;
