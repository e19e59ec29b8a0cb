import { BlockList, isIP } from 'node:net';
import { UnusableSetting, type GatewaySettings } from './settings.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Nothing here asks a station who it is, so by default only this machine's own can come (DESIGN 9).
 * @returns a warning where it is told to be open to all that can reach it
 * @throws UnusableSetting for a host beyond this machine without that
 */
export function checkExposure({ host, open }: GatewaySettings): string | undefined {
  if (isLoopback(host)) return undefined;
  if (!open) {
    throw new UnusableSetting(
      `CHARGEPROOF_GATEWAY_HOST is ${host}, which others can reach, and no credentials are asked of stations: set CHARGEPROOF_GATEWAY_OPEN=true if that is meant`,
    );
  }
  return `open to everybody who can reach ${host}: stations are asked for no credentials but by the upstream`;
}

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const version = isIP(host);
  return version !== 0 && loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
