/** Bytes of UTF-8. OCPP 2.x allows 48 characters, 1.6 what a URL holds. */
export const MOST_NAME_BYTES = 255;
const CONTROL = /\p{Cc}/u;

/** {@link nameFault} in words, for who may choose another. */
export const NAME_RULE = `1 to ${MOST_NAME_BYTES} bytes, no control character, not . or ..`;

export type NameFault = 'empty' | 'dot-segment' | 'control-character' | 'too-long';

/**
 * Why a station cannot have that name, nor a tenant: a gateway refuses it in a path (RFC 3986, 3.3 and 5.2.4), and so
 * does whoever lets stations in or reads of them. @returns undefined for one that it can have
 */
export function nameFault(name: string): NameFault | undefined {
  if (name === '') return 'empty';
  if (name === '.' || name === '..') return 'dot-segment';
  if (CONTROL.test(name)) return 'control-character';
  return Buffer.byteLength(name) > MOST_NAME_BYTES ? 'too-long' : undefined;
}
