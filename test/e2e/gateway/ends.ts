import { createHash } from 'node:crypto';
import { type ClientOptions, WebSocket } from 'ws';

/** A frame as one side saw it: opcode and SHA-256, taken by that side on its own. */
export type Seen = `${'text' | 'binary'} ${string}`;

export const seen = (data: Uint8Array, binary: boolean): Seen =>
  `${binary ? 'binary' : 'text'} ${createHash('sha256').update(data).digest('hex')}`;

/** One end of a connection, with what it sent and got. */
export class End {
  readonly socket: WebSocket;
  readonly sent: Seen[] = [];
  readonly got: Seen[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, binary) => this.got.push(seen(data as Buffer, binary)));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  send(data: string | Buffer, binary = false): void {
    const bytes = Buffer.from(data);
    this.sent.push(seen(bytes, binary));
    this.socket.send(bytes, { binary });
  }
}

export type Refused = { readonly status: number; readonly reason: string };

/** Resolves with the open end, or with the HTTP refusal. */
export function connect(
  url: string,
  protocols: readonly string[],
  options: ClientOptions = {},
): Promise<End | Refused> {
  const socket = new WebSocket(url, [...protocols], {
    skipUTF8Validation: true,
    perMessageDeflate: false,
    ...options,
  });
  const end = new End(socket);
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      resolve(end);
    });
    socket.once('unexpected-response', (_, response) => {
      let reason = '';
      response.on('data', (chunk) => (reason += String(chunk)));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, reason: reason.trim() });
      });
    });
    socket.once('error', reject);
  });
}
