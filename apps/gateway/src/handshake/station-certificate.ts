import { TLSSocket } from 'node:tls';
import type { Socket } from 'node:net';
import type { Subject } from '@chargeproof/record';
import { certificateNames } from '../tls/certificate-names.ts';
import { hasCertificate } from './facts.ts';
import type { Refusal } from './refusal.ts';

export const NO_TLS: Refusal = {
  status: 403,
  reason: 'tls-required',
  detail: 'come by wss://',
};
const NO_CERTIFICATE: Refusal = { status: 401, reason: 'certificate-missing' };
/** Only who has a certificate of ours can be refused so. */
export const OF_ANOTHER: Refusal = { status: 401, reason: 'certificate-mismatch' };

export const isOverTls = (socket: Socket): socket is TLSSocket => socket instanceof TLSSocket;

/**
 * Who a station is, by its certificate (profile 3): one that an authority of ours vouches for and that holds now, with
 * the station's identity as a common name or an alternative name.
 * @returns why it is not who it says, undefined where it is
 */
export function certificateFault(socket: Socket, { station }: Subject): Refusal | undefined {
  if (!isOverTls(socket) || !hasCertificate(socket)) return NO_CERTIFICATE;
  if (!socket.authorized) {
    return { status: 401, reason: 'certificate-untrusted', detail: String(socket.authorizationError) };
  }
  return certificateNames(socket).has(station) ? undefined : OF_ANOTHER;
}
