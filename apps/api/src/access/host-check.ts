import type { IncomingMessage, ServerResponse } from 'node:http';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * On a loopback listener, refuses requests whose `Host` is not loopback: a web page that had its own name
 * resolve to 127.0.0.1 would otherwise read the record through the visitor's browser (DNS rebinding).
 */
export function loopbackHostsOnly(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
): void {
  const host = request.headers.host ?? '';
  if (LOOPBACK.test(host)) {
    next();
    return;
  }
  response.writeHead(421, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ error: `This listener is loopback only and does not answer for the host "${host}"` }),
  );
}

/**
 * Whether a socket may ask questions. Browsers let any page open one to anywhere, and a socket passes by
 * the middleware, so its `Host` is checked here too, and a page's `Origin` must be this very server.
 */
export function maySubscribe({ headers }: IncomingMessage, loopbackOnly: boolean): boolean {
  const { host = '', origin } = headers;
  if (loopbackOnly && !LOOPBACK.test(host)) return false;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host.toLowerCase());
}
