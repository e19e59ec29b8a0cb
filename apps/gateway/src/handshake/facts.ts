import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket, type PeerCertificate } from 'node:tls';
import type { HandshakeAccepted, TlsFacts } from '@chargeproof/record';
import { credentialForm } from './credential.ts';
import type { TrustedProxies } from './trusted-proxies.ts';

/** The part of a handshake record that one leg's request tells. */
export type LegFacts = Omit<
  HandshakeAccepted,
  'selectedSubprotocol' | 'selectedExtensions' | 'previousConnection' | 'runMonotonic'
>;

export function stationFacts(request: IncomingMessage, proxies: TrustedProxies): LegFacts {
  const { headers, rawHeaders, socket } = request;
  const tls = tlsFacts(socket);
  const credential = credentialForm(headers.authorization, request.url ?? '');
  return {
    leg: 'station',
    rawPath: request.url ?? '',
    headerNames: rawHeaders.filter((_, index) => index % 2 === 0),
    offeredSubprotocols: offeredSubprotocols(headers['sec-websocket-protocol']),
    ...(headers['sec-websocket-extensions'] !== undefined && {
      offeredExtensions: headers['sec-websocket-extensions'],
    }),
    ...proxies.addressesOf(request),
    ...(tls && { tls }),
    ...(credential && { credential }),
  };
}

/** What is known of a handshake that ends before it names a station. @param tls where it got as far as that */
export function namelessFacts(remoteAddress: string | undefined, tls?: TLSSocket): LegFacts {
  const facts = tls && tlsFacts(tls);
  return {
    leg: 'station',
    rawPath: '',
    headerNames: [],
    offeredSubprotocols: [],
    ...(remoteAddress !== undefined && { remoteAddress }),
    ...(facts && { tls: facts }),
  };
}

/** In order of preference, as offered. Read leniently: what a station offered is a fact even where it is no token. */
export function offeredSubprotocols(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** Whether the peer showed a certificate, trusted or not. */
export const hasCertificate = (socket: TLSSocket): boolean =>
  Object.keys(socket.getPeerCertificate()).length > 0;

export function tlsFacts(socket: Socket): TlsFacts | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  // An empty object where the peer sent none.
  const certificate: Partial<PeerCertificate> = socket.getPeerCertificate();
  const subject = Object.entries(certificate.subject ?? {})
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(', ');
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    ...(subject !== '' && { certificateSubject: subject }),
  };
}
