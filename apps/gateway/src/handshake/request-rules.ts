import type { IncomingMessage } from 'node:http';
import type { Refusal } from './refusal.ts';

const KEY = /^[+/0-9A-Za-z]{22}==$/;
const VERSIONS: ReadonlySet<string> = new Set(['8', '13']);

/** What RFC 6455, 4.2.1 asks of an upgrade. Checked before anything is recorded as accepted. */
export function upgradeFault({ method, headers }: IncomingMessage): Refusal | undefined {
  if (method !== 'GET') return { status: 405, reason: 'not-get' };
  if (headers.upgrade?.toLowerCase() !== 'websocket') return { status: 426, reason: 'not-websocket' };
  if (!KEY.test(headers['sec-websocket-key'] ?? '')) return { status: 400, reason: 'bad-websocket-key' };
  if (!VERSIONS.has(headers['sec-websocket-version'] ?? '')) {
    return {
      status: 426,
      reason: 'websocket-version',
      headers: { 'Sec-WebSocket-Version': '13, 8' },
    };
  }
  return undefined;
}

/**
 * A web page must not forge frames: a browser's handshake has `Sec-Fetch-*` headers or an http(s) Origin.
 * Chargers' libraries send none, or `Origin: file://`.
 */
export function browserFault(
  { headers }: IncomingMessage,
  allowedOrigins: readonly string[],
): Refusal | undefined {
  const { origin } = headers;
  if (origin !== undefined && allowedOrigins.includes(origin)) return undefined;
  const ofABrowser =
    Object.keys(headers).some((name) => name.startsWith('sec-fetch-')) ||
    (origin !== undefined && /^https?:/i.test(origin));
  return ofABrowser ? { status: 403, reason: 'browser', detail: `Origin: ${origin ?? 'none'}` } : undefined;
}
