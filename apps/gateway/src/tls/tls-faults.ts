import type { Refusal } from '../handshake/refusal.ts';

/** Nobody hears a status before there is HTTP. 495 is what proxies log where TLS ends so. */
const TLS_STATUS = 495;

/** OpenSSL's words as Node gives them, and what a person who looks for a charger calls it. */
const REASONS: readonly (readonly [code: RegExp, reason: string])[] = [
  [/UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|WRONG_VERSION_NUMBER|NO_PROTOCOLS_AVAILABLE/, 'tls-version'],
  [/NO_SHARED_CIPHER|NO_SUITABLE_SIGNATURE|NO_SHARED_GROUP|NO_SUITABLE_KEY_SHARE/, 'tls-cipher'],
  [/ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE)/, 'tls-distrusted'],
];

/** The handshake took too long, or nothing was said at all. */
export const TOO_SLOW: Refusal = { status: 408, reason: 'handshake-timeout' };
/** Too many handshakes are under way. */
export const CROWDED: Refusal = { status: 503, reason: 'handshakes-crowded' };
/** The peer ended the connection in the middle of the handshake. Many stations do so who do not trust our certificate. */
export const LEFT: Refusal = { status: TLS_STATUS, reason: 'tls-left' };

/** Why a TLS handshake failed. @param error as of `tlsClientError` */
export function tlsFault(error: Error & { readonly code?: string }): Refusal {
  const code = error.code ?? error.message;
  const [, reason = 'tls-failed'] = REASONS.find(([pattern]) => pattern.test(code)) ?? [];
  return { status: TLS_STATUS, reason, detail: code };
}

/** The peer showed a certificate that none of our authorities vouches for, or that does not hold now. */
export const untrusted = (why: string): Refusal => ({
  status: TLS_STATUS,
  reason: 'tls-certificate',
  detail: why,
});
