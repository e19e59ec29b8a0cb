import { WebSocket } from 'ws';
import type { Ledger } from '../ledger.ts';
import { type Handler, type Payload, Peer } from '../peer.ts';

/** What a station shows whom it comes to, and whom it believes (OCPP's security profiles 1 to 3). */
export type StationAccess = {
  /** Its AuthorizationKey: the bytes, or what a station sends in their place. */
  readonly key?: Uint8Array | string;
  /** Of TLS, PEM: the authorities that it trusts, and a certificate of its own. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
};

export type LinkOptions = {
  readonly identity: string;
  /** Base URL; the identity is appended, percent-encoded. */
  readonly url: string;
  readonly access?: StationAccess | undefined;
  readonly ledger: Ledger;
  /** Wall clock in milliseconds. */
  readonly now: () => number;
  readonly handler: Handler;
};

/** The way from a station to its central system, and the truth of when it stood. */
export class Link {
  readonly #options: LinkOptions;
  #socket: WebSocket | undefined;
  #peer: Peer | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** @throws Error where the handshake is refused */
  async open(nextMessageId: () => string): Promise<void> {
    const { identity, url, access = {}, ledger, handler } = this.#options;
    const socket = new WebSocket(`${url}/${encodeURIComponent(identity)}`, ['ocpp1.6'], {
      perMessageDeflate: false,
      headers: authorization(identity, access),
      ...access.tls,
    });
    this.#socket = socket;
    this.#peer = new Peer({
      socket,
      handler,
      nextMessageId,
      onFrame: (event, text) => {
        ledger.note(identity, 'station', event, text);
      },
    });
    await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
    this.#note(true);
    socket.once('close', () => {
      this.#note(false);
    });
  }

  /** @throws CallFailed */
  call(action: string, payload: Payload): Promise<Payload> {
    return this.#connected().call(action, payload);
  }

  /** @throws CallFailed */
  callOutOfTurn(action: string, payload: Payload): Promise<Payload> {
    return this.#connected().callOutOfTurn(action, payload);
  }

  send(text: string): void {
    this.#connected().send(text);
  }

  /** Closes in order, as a station that goes down; or drops the line without a word. */
  async close(how: 'in-order' | 'dropped'): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    if (how === 'in-order') socket.close(1000, 'going down');
    else socket.terminate();
    await closed;
  }

  #connected(): Peer {
    if (this.#peer === undefined) throw new Error(`${this.#options.identity} is not connected`);
    return this.#peer;
  }

  #note(connected: boolean): void {
    const { identity, ledger, now } = this.#options;
    ledger.links.push({ station: identity, at: now(), connected });
  }
}

/** Basic auth with raw bytes (OCPP-J 1.6, 6.2.2). */
function authorization(identity: string, { key }: StationAccess): Record<string, string> {
  if (key === undefined) return {};
  const pair = Buffer.concat([Buffer.from(`${identity}:`), Buffer.from(key)]);
  return { Authorization: `Basic ${pair.toString('base64')}` };
}
