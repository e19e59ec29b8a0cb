import type { IncomingMessage } from 'node:http';
import type { StationCredential } from '@chargeproof/keyring';
import { DEFAULT_TENANT } from '@chargeproof/record';
import type { Refusal, Stranger } from './refusal.ts';
import type { Profile } from './security-profile.ts';
import { certificateFault, isOverTls, NO_TLS, OF_ANOTHER } from './station-certificate.ts';
import type { StationCredentials } from './station-credentials.ts';
import type { StationPath } from './station-path.ts';

const UNKNOWN: Stranger = { refusal: { status: 404, reason: 'unknown-station' }, anybody: true };

/** Whether a station is who its path says, as its security profile asks. */
export class Doorkeeper {
  readonly #least: Profile;
  readonly #credentials: StationCredentials | undefined;

  /** @param credentials absent where nobody is asked for a key, and whoever has a certificate is known by that */
  constructor(least: Profile, credentials: StationCredentials | undefined) {
    this.#least = least;
    this.#credentials = credentials;
  }

  /** @returns why it is turned away, undefined where it may come in */
  async check(path: StationPath, request: IncomingMessage): Promise<Stranger | undefined> {
    if (this.#least === 0) return undefined;
    const known = await this.#credentials?.of(path.subject);
    if (known === undefined && !this.#isKnownByCertificate(path)) return UNKNOWN;
    const profile = Math.max(this.#least, known?.profile ?? 0);
    return profile > 1 && !isOverTls(request.socket)
      ? this.#turnedAway(NO_TLS)
      : this.#asked(profile, path, request, known);
  }

  async #asked(
    profile: number,
    path: StationPath,
    { socket, headers }: IncomingMessage,
    known: StationCredential | undefined,
  ): Promise<Stranger | undefined> {
    if (profile === 3) return this.#turnedAway(certificateFault(socket, path.subject));
    if (known === undefined || !('hash' in known)) return UNKNOWN;
    return this.#credentials?.check(path, headers.authorization, known.hash);
  }

  /** An authority vouches for a name, and knows nothing of tenants: those of others have to be listed. */
  #isKnownByCertificate({ subject }: StationPath): boolean {
    return this.#credentials === undefined && subject.tenant === DEFAULT_TENANT;
  }

  /** Where no file lists the stations, any name will do to be turned away under. */
  #turnedAway(refusal: Refusal | undefined): Stranger | undefined {
    if (refusal === undefined) return undefined;
    return { refusal, anybody: this.#credentials === undefined && refusal !== OF_ANOTHER };
  }
}
