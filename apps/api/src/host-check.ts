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
