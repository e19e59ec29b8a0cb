import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopback } from '@chargeproof/config';
import { isOfPage } from '../page/urls.ts';

/** Who may ask. Without an API token whoever can reach the listener may. */
export type Access = {
  readonly token?: string | undefined;
  /** Of the data folder's owner, out of its owner file: taken from this machine only. */
  readonly ownerToken?: string | undefined;
  /** Of who may see tags in clear, besides all that the API's token lets in to. */
  readonly tagsToken?: string | undefined;
};

/** The page has to be there to ask for the token; whether we live is no secret. */
const isOpen = (path: string) => path === '/healthz' || path === '/readyz' || isOfPage(path);

/** @param authorization the header, or what a socket gave in its place */
export function mayAsk(
  { token, ...others }: Access,
  authorization: unknown,
  { socket }: Pick<IncomingMessage, 'socket'>,
): boolean {
  if (token === undefined) return true;
  const given = bearerOf(authorization);
  if (given === undefined) return false;
  if (isSame(given, token) || maySeeTags(others, authorization)) return true;
  return isOwner(others, authorization, { socket });
}

/** Whether the owner of the data folder asks, from this machine. */
export function isOwner(
  { ownerToken }: Access,
  authorization: unknown,
  { socket }: Pick<IncomingMessage, 'socket'>,
): boolean {
  const given = bearerOf(authorization);
  if (given === undefined || ownerToken === undefined) return false;
  return isSame(given, ownerToken) && isOurs(socket.remoteAddress);
}

/** Whether tags may be shown in clear: to who has shown that token, and to nobody where there is none. */
export function maySeeTags({ tagsToken }: Access, authorization: unknown): boolean {
  const given = bearerOf(authorization);
  return given !== undefined && tagsToken !== undefined && isSame(given, tagsToken);
}

const bearerOf = (authorization: unknown) =>
  typeof authorization === 'string' ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;

/** Express middleware: 401 for whoever does not show the token, except for what is open to all. */
export function bearersOnly(access: Access) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const [path = ''] = (request.url ?? '').split('?');
    if (isOpen(path) || mayAsk(access, request.headers.authorization, request)) {
      next();
      return;
    }
    response.writeHead(401, { 'content-type': 'application/json', 'www-authenticate': 'Bearer' });
    response.end(
      JSON.stringify({ error: 'This API asks for its token: send the header "Authorization: Bearer TOKEN"' }),
    );
  };
}

/** In a time that tells nothing of either; hashes, because lengths would tell. */
const isSame = (a: string, b: string) => timingSafeEqual(hash(a), hash(b));
const hash = (text: string) => createHash('sha256').update(text).digest();

/** An IPv4 peer of an IPv6 listener has an address of its own form. */
const isOurs = (address: string | undefined) => isLoopback((address ?? '').replace(/^::ffff:/, ''));
