import type { Server } from 'node:http';
import type { SecureContextOptions } from 'node:tls';
import type { Profile } from '../handshake/security-profile.ts';
import type { UnnamedRefusals } from '../handshake/unnamed-refusals.ts';
import type { Counts } from '../operations/counts.ts';
import type { GatewaySettings } from '../settings.ts';
import { Door } from '../tls/door.ts';

export type DoorParts = {
  readonly server: Server;
  readonly settings: GatewaySettings;
  readonly context: () => SecureContextOptions;
  readonly profile: Profile;
  readonly unnamed: UnnamedRefusals;
  readonly counts: Counts;
};

/** TLS on the port of the server. What fails in it is a record, like any handshake that names no station. */
export function openDoor({ server, settings, context, profile, unnamed, counts }: DoorParts): Door {
  return new Door({
    server,
    context,
    asksCertificate: settings.tlsClientCa !== undefined,
    onlyTrusted: profile === 3,
    patienceMilliseconds: settings.handshakeSeconds * 1000,
    onFault: (facts, fault) => {
      counts.handshakesRefused.add(fault.reason);
      // A log that takes no more says so itself, and nobody waits for an answer here.
      unnamed.note(facts, fault).catch(() => undefined);
    },
  });
}
