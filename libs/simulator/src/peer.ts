import type { RawData, WebSocket } from 'ws';

export type Payload = Readonly<Record<string, unknown>>;
/** Silence is an answer too: the other side waits in vain. */
export type Answer =
  | { readonly payload: Payload }
  | { readonly error: string; readonly description?: string }
  | { readonly silent: true };
export type Handler = (action: string, payload: Payload) => Answer | Promise<Answer>;

/** The other side answered with a CALLERROR or not at all, or the socket closed before it answered. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly code: string;
  constructor(code: string, description: string) {
    super(description === '' ? code : `${code}: ${description}`);
    this.code = code;
  }
}

export type PeerOptions = {
  readonly socket: WebSocket;
  readonly handler: Handler;
  readonly nextMessageId: () => string;
  readonly onFrame: (event: 'sent' | 'received', text: string) => void;
  /** How long a CALL waits for its answer, in milliseconds. */
  readonly patience?: number;
};

/** What common stacks wait before they give a CALL up. */
const PATIENCE = 30_000;

/** One side of an OCPP-J connection: a CALL at a time in flight (OCPP-J 1.6, 4.1.1), answers to the other's. */
export class Peer {
  readonly #options: PeerOptions;
  readonly #waiting = new Map<
    string,
    { resolve: (payload: Payload) => void; reject: (error: Error) => void }
  >();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: PeerOptions) {
    this.#options = options;
    options.socket.on('message', (data) => void this.#receive(textOf(data)));
    options.socket.on('close', (code) => {
      this.#giveUp(code);
    });
  }

  /** Sends a CALL when the one before it is answered. @throws CallFailed */
  call(action: string, payload: Payload): Promise<Payload> {
    const answered = this.#turn.then(() => this.callOutOfTurn(action, payload));
    this.#turn = answered.catch(() => undefined);
    return answered;
  }

  /** Sends a CALL now, whatever is open: a fault. @throws CallFailed */
  callOutOfTurn(action: string, payload: Payload): Promise<Payload> {
    const { socket, nextMessageId, patience = PATIENCE } = this.#options;
    if (socket.readyState !== socket.OPEN)
      return Promise.reject(new CallFailed('SocketClosed', 'before the call'));
    const id = nextMessageId();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.get(id)?.reject(new CallFailed('NoAnswer', `${action} after ${patience} ms`));
      }, patience);
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(id);
      };
      this.#waiting.set(id, {
        resolve: (answer) => {
          done();
          resolve(answer);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      this.send(JSON.stringify([2, id, action, payload]));
    });
  }

  /** Sends any text as a frame. */
  send(text: string): void {
    this.#options.onFrame('sent', text);
    this.#options.socket.send(text);
  }

  async #receive(text: string): Promise<void> {
    this.#options.onFrame('received', text);
    const message = parse(text);
    if (message === undefined) return;
    const [type, id, ...rest] = message;
    if (type === 2) await this.#answer(String(id), String(rest[0]), (rest[1] ?? {}) as Payload);
    else this.#settle(String(id), type === 3, rest);
  }

  async #answer(id: string, action: string, payload: Payload): Promise<void> {
    const { handler, socket } = this.#options;
    const answer = await handler(action, payload);
    if ('silent' in answer || socket.readyState !== socket.OPEN) return;
    if ('payload' in answer) this.send(JSON.stringify([3, id, answer.payload]));
    else this.send(JSON.stringify([4, id, answer.error, answer.description ?? '', {}]));
  }

  #settle(id: string, success: boolean, rest: readonly unknown[]): void {
    const waiting = this.#waiting.get(id);
    if (success) waiting?.resolve((rest[0] ?? {}) as Payload);
    else waiting?.reject(new CallFailed(String(rest[0]), typeof rest[1] === 'string' ? rest[1] : ''));
  }

  #giveUp(code: number): void {
    for (const { reject } of [...this.#waiting.values()])
      reject(new CallFailed('SocketClosed', `with ${code}`));
  }
}

function parse(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
