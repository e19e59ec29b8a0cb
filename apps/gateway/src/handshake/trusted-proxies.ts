import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { addressRange, hostAndPort } from '@chargeproof/config';
import type { LegFacts } from './facts.ts';

/** Some proxies write the port, too; which one it was says nothing. */
const ANY_PORT = 1;

/** Those whom the gateway believes when they say for whom they come. Of anybody else it would be a forger's word. */
export class TrustedProxies {
  readonly #addresses = new BlockList();

  /** @param ranges as {@link addressRange} takes them, which the setting has checked */
  constructor(ranges: readonly string[]) {
    for (const range of ranges.map(addressRange)) {
      if (range !== undefined) this.#addresses.addSubnet(range.address, range.prefix, range.family);
    }
  }

  /** Where a request comes from, and through whom where somebody trusted said so. */
  addressesOf({
    socket: { remoteAddress: peer },
    headers,
  }: Pick<IncomingMessage, 'socket' | 'headers'>): Pick<LegFacts, 'remoteAddress' | 'proxyAddress'> {
    if (peer === undefined) return {};
    const told = headers['x-forwarded-for'];
    const client = typeof told === 'string' && this.#has(peer) ? this.#clientIn(told) : undefined;
    return client === undefined ? { remoteAddress: peer } : { remoteAddress: client, proxyAddress: peer };
  }

  /**
   * Each proxy adds whom it saw at the end, so what stands before the last stranger is that stranger's own word. Where
   * there is no stranger the first of the proxies asks for itself.
   * @returns undefined where that entry is no address
   */
  #clientIn(forwardedFor: string): string | undefined {
    const entries = forwardedFor.split(',').map(addressIn);
    const last = entries.findLastIndex((entry) => entry === undefined || !this.#has(entry));
    return entries[Math.max(0, last)];
  }

  /** An IPv4 peer of an IPv6 listener is found, too. */
  #has(address: string): boolean {
    return this.#addresses.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
}

function addressIn(entry: string): string | undefined {
  const text = entry.trim();
  const address = isIP(text) === 0 ? (hostAndPort(text, ANY_PORT)?.host ?? '') : text;
  return isIP(address) === 0 || address.includes('%') ? undefined : address;
}
