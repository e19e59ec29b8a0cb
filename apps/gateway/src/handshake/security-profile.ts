import { variableName } from '@chargeproof/config';
import { UnusableSetting, type GatewaySettings } from '../settings.ts';

/** OCPP's security profiles (security white paper, 2), and 0 where nothing is asked. */
export type Profile = 0 | 1 | 2 | 3;

const name = (member: keyof GatewaySettings) => variableName('gateway', member);

/** What each profile cannot do without. */
const NEEDS: Readonly<Record<Profile, readonly (keyof GatewaySettings)[]>> = {
  0: [],
  1: ['credentials'],
  2: ['credentials', 'tlsCertificate'],
  3: ['tlsClientCa', 'tlsCertificate'],
};

/**
 * What every station is asked at least; the credentials file may ask more of one. Where it is not set it is the
 * highest that the other settings make possible for all.
 * @throws UnusableSetting naming what a profile lacks
 */
export function leastProfile(settings: GatewaySettings): Profile {
  const { securityProfile: asked, credentials, tlsCertificate, tlsClientCa } = settings;
  if (asked === undefined) {
    if (credentials !== undefined) return tlsCertificate === undefined ? 1 : 2;
    return tlsClientCa === undefined ? 0 : 3;
  }
  const missing = NEEDS[asked].filter((member) => settings[member] === undefined).map(name);
  if (missing.length > 0) {
    throw new UnusableSetting(`${name('securityProfile')} is ${asked}, which needs ${missing.join(' and ')}`);
  }
  if (asked === 0 && (credentials !== undefined || tlsClientCa !== undefined)) {
    const member = credentials === undefined ? 'tlsClientCa' : 'credentials';
    throw new UnusableSetting(
      `${name('securityProfile')} is 0, which asks nothing of stations, and ${name(member)} is set: keep one`,
    );
  }
  return asked;
}
