import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isLoopback } from '@chargeproof/config';

type Request = Pick<IncomingMessage, 'headers' | 'socket'>;

const LOOPBACK_NAME = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
const OF_PROXIES = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/** Whether the peer is on this machine. An IPv4 peer of an IPv6 listener has an address of its own form. */
export const isPeerHere = ({ socket }: Pick<Request, 'socket'>): boolean =>
  isLoopback((socket.remoteAddress ?? '').replace(/^::ffff:/, ''));

/** A `Host` that names this machine to itself: a page that had its own name lead here says another. */
export const namesThisMachine = (host: string | undefined): boolean => LOOPBACK_NAME.test(host ?? '');

/** Whether somebody on this machine asks for himself: no proxy for others, and no web page by a name of its own. */
export function isFromThisMachine(request: Request): boolean {
  const { headers } = request;
  return isPeerHere(request) && namesThisMachine(headers.host) && !OF_PROXIES.some((name) => name in headers);
}

/** @param authorization the header, or what a socket gave in its place */
export function showsToken(authorization: unknown, token: string | undefined): boolean {
  const given = typeof authorization === 'string' ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
  return given !== undefined && token !== undefined && isSame(given, token);
}

/** In a time that tells nothing of either; hashes, because lengths would tell. */
const isSame = (a: string, b: string) => timingSafeEqual(hash(a), hash(b));
const hash = (text: string) => createHash('sha256').update(text).digest();
