import type { PerMessageDeflateOptions } from 'ws';

const NAME = 'permessage-deflate';
/** Of what we compress ourselves: 2^11 bytes of window. */
const OUR_WINDOW_BITS = 11;

/**
 * Nothing is kept from one message to the next, so a connection holds some 16 KB for what it compresses and 45 KB for
 * what it inflates, and neither before the first compressed message. A message is inflated up to the socket limit.
 */
export const DEFLATE: PerMessageDeflateOptions = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  serverMaxWindowBits: OUR_WINDOW_BITS,
  zlibDeflateOptions: { memLevel: 4, level: 6 },
};

/** As {@link DEFLATE}, for the side that offers: a CSMS that cannot keep to it goes without. */
export const OFFERED: PerMessageDeflateOptions = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  zlibDeflateOptions: { memLevel: 4, level: 6, windowBits: OUR_WINDOW_BITS },
};

/** What ws makes of {@link OFFERED}. Pinned by a test, for the record. */
export const OFFER = `${NAME}; server_no_context_takeover; client_no_context_takeover; client_max_window_bits`;

/** The offer that ws is shown in place of the station's, and its answer to it. Pinned by a test. */
export const PLAIN_OFFER = NAME;
export const SELECTED = `${NAME}; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=${OUR_WINDOW_BITS}`;

const PARAMETERS: Readonly<Record<string, RegExp>> = {
  server_no_context_takeover: /^$/,
  client_no_context_takeover: /^$/,
  server_max_window_bits: new RegExp(`^(?:1[${OUR_WINDOW_BITS % 10}-5])$`),
  client_max_window_bits: /^(?:[89]|1[0-5])?$/,
};

/**
 * Whether one of the extensions that a station offers (RFC 7692, 7.1) can be answered with {@link SELECTED}. What cannot
 * be read is passed over: ws would refuse the whole handshake for it.
 */
export function takesDeflate(header: string | undefined): boolean {
  return (header ?? '').split(',').some(isAcceptable);
}

function isAcceptable(offer: string): boolean {
  const [name, ...parameters] = offer.split(';').map((part) => part.trim());
  if (name !== NAME) return false;
  const pairs = parameters.map((parameter) => /^([^=\s]+)(?:\s*=\s*"?([^"]*)"?)?$/.exec(parameter));
  const names = new Set(pairs.map((pair) => pair?.[1]));
  return (
    names.size === pairs.length &&
    pairs.every((pair) => {
      const allowed = Object.hasOwn(PARAMETERS, pair?.[1] ?? '') ? PARAMETERS[pair?.[1] ?? ''] : undefined;
      return allowed?.test(pair?.[2] ?? '') === true;
    })
  );
}
