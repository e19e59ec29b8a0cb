import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Authority, type Certified, makeAuthority, signedBy } from '../../fixtures/certificates.ts';

/** Who vouches for whom in the tests of TLS, and the files that a gateway reads it from. */
export type Pki = {
  readonly ours: Authority;
  readonly others: Authority;
  readonly server: Certified;
  /** Absolute paths. */
  readonly files: { readonly certificate: string; readonly key: string; readonly clientCa: string };
};

export function makePki(folder: string): Pki {
  const ours = makeAuthority('Our Root');
  const others = makeAuthority('Their Root');
  const server = signedBy(ours, 'recorder');
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return {
    ours,
    others,
    server,
    files: {
      certificate: file('server.pem', server.certificate),
      key: file('server.key', server.key),
      clientCa: file('clients.pem', ours.certificate),
    },
  };
}

/** What a TLS client shows. */
export const shown = ({ certificate, key }: Certified) => ({ cert: certificate, key });
