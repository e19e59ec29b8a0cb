import { isLoopback, variableName } from '@chargeproof/config';
import { leastProfile } from './handshake/security-profile.ts';
import { UnusableSetting, type GatewaySettings } from './settings.ts';

/**
 * By default only this machine's own can come; others where stations are asked for a key or a certificate, or where
 * it is said that everybody is meant (DESIGN 9).
 * @returns a warning where others can reach it
 * @throws UnusableSetting for a host beyond this machine without either
 */
export function checkExposure(settings: GatewaySettings): string | undefined {
  const { host, open } = settings;
  const profile = leastProfile(settings);
  if (isLoopback(host) || profile >= 2) return undefined;
  if (profile === 1) {
    return `${host} can be reached by others, and without TLS: what stations send, their keys too, can be read on the way`;
  }
  if (open) {
    return `open to everybody who can reach ${host}: stations are asked for no credentials but by an upstream`;
  }
  const [hostName, credentialsName, openName] = (['host', 'credentials', 'open'] as const).map((member) =>
    variableName('gateway', member),
  );
  throw new UnusableSetting(
    `${hostName} is ${host}, which others can reach, and no credentials are asked of stations: set ${credentialsName} to a file of them (npx chargeproof credentials add STATION), or ${openName}=true if everybody is meant`,
  );
}
