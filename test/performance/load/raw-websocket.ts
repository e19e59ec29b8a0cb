import { createHash, randomBytes } from 'node:crypto';

/**
 * Just enough of RFC 6455 for a load generator that costs little itself: text frames below 64 KiB,
 * unfragmented, no extension, and pings. Nothing else is spoken.
 */

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 0x81;
const PING = 0x89;
const PONG = 0x8a;
const MASKED = 0x80;
const TWO_BYTE_LENGTH = 126;
/** Any key is allowed (RFC 6455, 5.3 asks for a fresh one against proxies); zero spares the XOR on both sides. */
const ZERO_KEY = Buffer.alloc(4);

/** A client's frame. */
export const maskedText = (text: Buffer) => masked(TEXT, text);
export const maskedPong = (payload: Buffer) => masked(PONG, payload);
/** A server's frame. */
export const plainText = (text: Buffer) => plain(TEXT, text);
export const plainPong = (payload: Buffer) => plain(PONG, payload);

const masked = (opcode: number, payload: Buffer) =>
  Buffer.concat([header(opcode, payload.length, MASKED), ZERO_KEY, payload]);
const plain = (opcode: number, payload: Buffer) =>
  Buffer.concat([header(opcode, payload.length, 0), payload]);

function header(opcode: number, length: number, mask: number): Buffer {
  if (length < TWO_BYTE_LENGTH) return Buffer.from([opcode, mask | length]);
  return Buffer.from([opcode, mask | TWO_BYTE_LENGTH, length >> 8, length & 0xff]);
}

/** What is done with a frame's payload. Who leaves a ping without an answer is taken for gone after a while. */
export type Heard = {
  readonly text: (payload: Buffer) => void;
  readonly ping?: (payload: Buffer) => void;
};

/** Takes what a socket gives and hands on each frame's payload. */
export function frameReader(heard: Heard): (chunk: Buffer) => void {
  let rest: Buffer = NOTHING;
  return (chunk) => {
    let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let frame = firstFrame(data); frame !== undefined; frame = firstFrame(data)) {
      if (frame.opcode === TEXT) heard.text(frame.payload);
      else if (frame.opcode === PING) heard.ping?.(frame.payload);
      data = data.subarray(frame.end);
    }
    rest = data.length === 0 ? NOTHING : data;
  };
}

const NOTHING = Buffer.alloc(0);

function firstFrame(data: Buffer): { opcode: number; payload: Buffer; end: number } | undefined {
  if (data.length < 2) return undefined;
  const short = data.readUInt8(1) & 0x7f;
  if (short > TWO_BYTE_LENGTH) throw new Error('a frame of 64 KiB or more');
  const long = short === TWO_BYTE_LENGTH;
  if (long && data.length < 4) return undefined;
  const length = long ? data.readUInt16BE(2) : short;
  const isMasked = (data.readUInt8(1) & MASKED) !== 0;
  const start = 2 + (long ? 2 : 0) + (isMasked ? 4 : 0);
  const end = start + length;
  if (data.length < end) return undefined;
  const payload = data.subarray(start, end);
  if (isMasked) unmask(payload, data.subarray(start - 4, start));
  return { opcode: data.readUInt8(0), payload, end };
}

function unmask(payload: Buffer, key: Buffer): void {
  if (key.readUInt32BE() === 0) return;
  for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] ?? 0) ^ (key[i & 3] ?? 0);
}

export function upgradeRequest(host: string, path: string): string {
  const key = randomBytes(16).toString('base64');
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n`;
}

export function upgradeAnswer(key: string): string {
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n`;
}
