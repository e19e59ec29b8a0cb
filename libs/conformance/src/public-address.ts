/** Networks that are nobody's own across the internet (RFC 1918, 6598, 3927, 5735; RFC 4193, 4291). */
const PRIVATE_V4 = [/^10\./, /^127\./, /^192\.168\./, /^172\.(?:1[6-9]|2\d|3[01])\./, /^169\.254\./, /^0\./];
const SHARED_V4 = /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;
const PRIVATE_V6 = /^(?:::1?$|f[cd]|fe[89ab])/i;

/** Whether an address, as a socket tells it, is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const v4 = /^(?:::ffff:)?(\d+(?:\.\d+){3})$/i.exec(address)?.[1];
  if (v4 !== undefined) return ![...PRIVATE_V4, SHARED_V4].some((network) => network.test(v4));
  return address.includes(':') && !PRIVATE_V6.test(address);
}
