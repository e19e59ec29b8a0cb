import type { ClientRequest, IncomingMessage, IncomingHttpHeaders } from 'node:http';
import { WebSocket } from 'ws';
import type { GatewaySettings } from '../settings.ts';
import { OFFER, OFFERED } from './compression.ts';
import { credentialForm } from './credential.ts';
import { offeredSubprotocols, tlsFacts, type LegFacts } from './facts.ts';
import type { Refusal } from './refusal.ts';
import { socketOptions } from './socket-options.ts';
import type { StationPath } from './station-path.ts';
import type { UpstreamAccess } from './upstream-access.ts';

/** What of the station's request goes on to the upstream; all else is the tap's own. */
const RELAYED_HEADERS = {
  authorization: 'Authorization',
  'sec-websocket-protocol': 'Sec-WebSocket-Protocol',
  'user-agent': 'User-Agent',
  origin: 'Origin',
} as const satisfies Partial<Record<keyof IncomingHttpHeaders, string>>;
/** What of the upstream's refusal goes back to the station. */
const RELAYED_BACK = ['www-authenticate', 'retry-after'] as const;

/** What went wrong before the upstream answered, by Node's word for it. The first that fits. */
const FAULTS: readonly (readonly [code: RegExp, reason: string])[] = [
  [/^$|^HPE_|^ECONNRESET$/, 'upstream-wrong'],
  [/^EPROTO$|^ERR_SSL_/, 'upstream-tls'],
  // Its certificate does not hold, nobody that we trust vouches for it, or it is for another name.
  [
    /CERT|SELF_SIGNED|^UNABLE_TO_|^INVALID_(?:CA|PURPOSE)$|^HOSTNAME_MISMATCH$|^PATH_LENGTH_/,
    'upstream-untrusted',
  ],
  [/./, 'upstream-unreachable'],
];

/** RFC 9110, 5.6.2. ws would answer the station 400 for anything else. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;

export type UpstreamRequest = {
  readonly url: URL;
  readonly access: UpstreamAccess;
  readonly station: IncomingMessage;
  readonly settings: Pick<GatewaySettings, 'socketLimitBytes' | 'compression' | 'upstreamTimeoutSeconds'>;
};

/** The open socket is paused: what the upstream says first waits until somebody listens. */
export type UpstreamAccepted = {
  readonly socket: WebSocket;
  readonly selectedSubprotocol: string | undefined;
  readonly selectedExtensions: string | undefined;
  readonly facts: LegFacts;
};
export type UpstreamRefused = { readonly refusal: Refusal; readonly facts: LegFacts };
export type UpstreamAnswer = UpstreamAccepted | UpstreamRefused;

/**
 * Where a station is relayed to: `{tenant}` and `{station}` in the template are replaced, percent-encoded; a
 * template without `{station}` is a base URL to which the identity is appended. The station's query is kept.
 */
export function upstreamUrl(template: string, { subject, segment, query }: StationPath): URL {
  const url = new URL(
    template
      .replaceAll('{tenant}', encodeURIComponent(subject.tenant))
      .replaceAll('{station}', () => segment),
  );
  if (!template.includes('{station}')) url.pathname = `${url.pathname.replace(/\/$/, '')}/${segment}`;
  if (query.length > 1) url.search = url.search === '' ? query : `${url.search}&${query.slice(1)}`;
  return url;
}

/** Until somebody listens, an error must not end the process; the close that follows it tells enough. */
const TOLD_BY_CLOSE = () => undefined;

/** A handshake with the upstream on the station's behalf. */
export class UpstreamHandshake {
  readonly answer: Promise<UpstreamAnswer>;
  readonly #request: UpstreamRequest;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #socket: WebSocket;
  #settle: (answer: UpstreamAnswer) => void = () => undefined;
  #answered = false;
  #selected: string | undefined;
  #extensions: string | undefined;
  #facts: LegFacts;

  constructor(request: UpstreamRequest) {
    this.#request = request;
    this.#headers = { ...relayedHeaders(request.station.headers), ...ownHeaders(request.access) };
    this.#facts = this.#factsOf(undefined);
    this.answer = new Promise((resolve) => {
      this.#settle = (answer) => {
        this.#answered = true;
        resolve(answer);
      };
    });
    this.#socket = new WebSocket(request.url, {
      ...socketOptions(request.settings),
      perMessageDeflate: request.settings.compression ? OFFERED : false,
      ...request.access.tls,
      headers: this.#headers,
    });
    this.#listen();
  }

  /** Nobody waits for the answer any more. It has no effect on an answer that was given. */
  giveUp(refusal: Refusal): void {
    this.#refuse(refusal);
  }

  #listen(): void {
    const socket = this.#socket;
    const timer = setTimeout(() => {
      this.#refuse({ status: 504, reason: 'upstream-timeout' });
    }, this.#request.settings.upstreamTimeoutSeconds * 1000);
    void this.answer.then(() => {
      clearTimeout(timer);
    });
    socket.on('upgrade', (response) => {
      this.#upgraded(response);
    });
    socket.on('unexpected-response', (request, response) => {
      this.#refused(request, response);
    });
    socket.on('error', (error: Error & { code?: string }) => {
      this.#failed(error);
    });
    socket.once('open', () => {
      socket.pause();
      this.#letGo();
      this.#settle({
        socket,
        selectedSubprotocol: this.#selected,
        selectedExtensions: this.#extensions,
        facts: this.#facts,
      });
    });
  }

  /** Its listeners would keep the handshake, and the station's request with it, for as long as the socket lives. */
  #letGo(): void {
    for (const event of ['upgrade', 'unexpected-response', 'error']) this.#socket.removeAllListeners(event);
    this.#socket.on('error', TOLD_BY_CLOSE);
  }

  /**
   * ws would refuse an upstream that selects none of the offered subprotocols, which OCPP-J 1.6 (3.2) asks it
   * to do where it knows none. So the offer travels as a header that ws does not know of, and the choice is
   * taken out of the response before ws looks at it.
   */
  #upgraded(response: IncomingMessage): void {
    this.#facts = this.#factsOf(response);
    this.#extensions = response.headers['sec-websocket-extensions'];
    const selected = response.headers['sec-websocket-protocol'];
    delete response.headers['sec-websocket-protocol'];
    if (selected === undefined) return;
    this.#selected = selected;
    const isOffered = offeredSubprotocols(this.#headers['Sec-WebSocket-Protocol']).includes(selected);
    if (isOffered && TOKEN.test(selected)) return;
    const fault = isOffered ? 'is no token' : 'was not offered';
    this.#refuse({ status: 502, reason: 'upstream-wrong', detail: `selected ${selected}, which ${fault}` });
  }

  #refused(request: ClientRequest, response: IncomingMessage): void {
    const status = response.statusCode ?? 502;
    const headers = Object.fromEntries(
      RELAYED_BACK.map((name) => [name, response.headers[name]] as const).filter(
        (entry): entry is readonly [(typeof RELAYED_BACK)[number], string] => entry[1] !== undefined,
      ),
    );
    this.#facts = this.#factsOf(response);
    this.#refuse({
      status: status >= 400 ? status : 502,
      reason: 'upstream-refused',
      detail: `${status} ${response.statusMessage ?? ''}`.trim(),
      headers,
    });
    request.destroy();
  }

  #failed(error: Error & { code?: string }): void {
    this.#refuse({ status: 502, ...faultOf(error) });
  }

  #refuse(refusal: Refusal): void {
    if (this.#answered) return;
    this.#settle({ refusal, facts: this.#facts });
    this.#socket.terminate();
  }

  #factsOf(response: IncomingMessage | undefined): LegFacts {
    const { url, station, settings } = this.#request;
    const tls = response && tlsFacts(response.socket);
    const credential = credentialForm(this.#headers.Authorization, station.url ?? '');
    const remoteAddress = response?.socket.remoteAddress;
    return {
      leg: 'upstream',
      rawPath: url.pathname + url.search,
      headerNames: Object.keys(this.#headers),
      offeredSubprotocols: offeredSubprotocols(this.#headers['Sec-WebSocket-Protocol']),
      ...(settings.compression && { offeredExtensions: OFFER }),
      ...(remoteAddress !== undefined && { remoteAddress }),
      ...(tls && { tls }),
      ...(credential && { credential }),
    };
  }
}

function faultOf({ code = '', message }: Error & { code?: string }): Pick<Refusal, 'reason' | 'detail'> {
  const [, reason = ''] = FAULTS.find(([pattern]) => pattern.test(code)) ?? [];
  // Only this message says which names the certificate is for.
  const said = code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? `${code}: ${message}` : code;
  return { reason, detail: said === '' ? message : said };
}

const ownHeaders = ({ authorization }: UpstreamAccess) =>
  authorization === undefined ? {} : { Authorization: authorization };

function relayedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const relayed: Record<string, string> = {};
  for (const [name, spelling] of Object.entries(RELAYED_HEADERS)) {
    const value = headers[name];
    if (typeof value === 'string') relayed[spelling] = value;
  }
  return relayed;
}
