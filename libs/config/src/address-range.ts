import { isIP } from 'node:net';

export type AddressRange = {
  readonly address: string;
  /** Leading bits that count; all of them for a single address. */
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
};

/** `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`. @returns undefined for what is none of these */
export function addressRange(text: string): AddressRange | undefined {
  const [, address = '', digits] = FORM.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const [family, whole] = version === 4 ? (['ipv4', 32] as const) : (['ipv6', 128] as const);
  const prefix = digits === undefined ? whole : Number(digits);
  return prefix > whole ? undefined : { address, prefix, family };
}

/** Without a zone, which names an interface of one machine only. */
const FORM = /^([0-9a-f:.]+)(?:\/(\d{1,3}))?$/i;
