import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer, type ClientOptions, type ServerOptions } from 'ws';

/** A frame as one side saw it: opcode and hash, taken by that side on its own. */
export type Seen = `${'text' | 'binary'} ${string}`;

export const seen = (data: Uint8Array, binary: boolean): Seen =>
  `${binary ? 'binary' : 'text'} ${createHash('sha256').update(data).digest('hex')}`;

/** One end of a socket that keeps what it sent and got. */
export class End {
  readonly socket: WebSocket;
  readonly sent: Seen[] = [];
  readonly got: Seen[] = [];
  readonly texts: string[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, binary) => {
      const bytes = data as Buffer;
      this.got.push(seen(bytes, binary));
      if (bytes.length < 10_000) this.texts.push(bytes.toString());
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  send(data: string | Buffer, binary = false): void {
    const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data);
    this.sent.push(seen(bytes, binary));
    this.socket.send(bytes, { binary });
  }
}

export type UpstreamStub = {
  readonly url: string;
  readonly requests: IncomingMessage[];
  readonly ends: End[];
  /** The next connection, or one that is there and nobody has taken. */
  next(): Promise<End>;
  close(): Promise<void>;
};

/** A CSMS that selects the first subprotocol it knows and does nothing else by itself. */
export async function startUpstream(options: ServerOptions = {}): Promise<UpstreamStub> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    skipUTF8Validation: true,
    handleProtocols: (offered) =>
      [...offered].find((name) => /^ocpp(?:1\.6|2\.0\.1|2\.1)$/.test(name)) ?? false,
    ...options,
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const requests: IncomingMessage[] = [];
  const ends: End[] = [];
  const untaken: End[] = [];
  const waiting: ((end: End) => void)[] = [];
  server.on('connection', (socket, request) => {
    const end = new End(socket);
    requests.push(request);
    ends.push(end);
    const waiter = waiting.shift();
    if (waiter === undefined) untaken.push(end);
    else waiter(end);
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/csms`,
    requests,
    ends,
    next() {
      const end = untaken.shift();
      if (end !== undefined) return Promise.resolve(end);
      return new Promise((resolve) => waiting.push(resolve));
    },
    close: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate();
        server.close(() => {
          resolve();
        });
      }),
  };
}

export type Refused = {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
};

/** Connects a station. Resolves with its end, or with the HTTP refusal. */
export function connect(
  url: string,
  protocols: readonly string[] = ['ocpp1.6'],
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
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: body.trim(), headers: response.headers });
      });
    });
    socket.once('error', reject);
  });
}

/** As {@link connect}, for a station that must get through. */
export async function station(
  url: string,
  protocols?: readonly string[],
  options?: ClientOptions,
): Promise<End> {
  const end = await connect(url, protocols, options);
  if (end instanceof End) return end;
  throw new Error(`refused with ${end.status} ${end.body}`);
}
