import { isLoopback } from '@chargeproof/config';
import { UnusableSetting, type GatewaySettings } from './settings.ts';

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
