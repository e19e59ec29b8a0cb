import { readFileSync } from 'node:fs';
import { Reloaded } from '../reloaded.ts';
import { readAuthorities, readKeyPair } from '../tls/pem-files.ts';

/** Where to find what an upstream is shown, and whom it is believed. Absolute paths, or such as the process finds. */
export type AccessFiles = {
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** Takes the place of the station's own key. */
  readonly password?: { readonly user: string; readonly file: string };
};

export type UpstreamAccess = {
  /** `ca` in place of the authorities that Node knows. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** In place of what the station sent, where there is one. */
  readonly authorization?: string;
};

/**
 * @param onTrouble a file was changed into what cannot be used; what it said before goes on to hold
 * @throws Error naming the file
 */
export function accessOf(files: AccessFiles, onTrouble: (error: Error) => void): Reloaded<UpstreamAccess> {
  const { ca, certificate, key, password } = files;
  const named = [ca, certificate, key, password?.file].filter((file) => file !== undefined);
  const read = () => ({
    tls: {
      ...(ca !== undefined && { ca: readAuthorities(ca) }),
      ...(certificate !== undefined && key !== undefined && readKeyPair(certificate, key)),
    },
    ...(password && { authorization: basicOf(password.user, readPassword(password.file)) }),
  });
  return new Reloaded(named, read, onTrouble);
}

const basicOf = (user: string, password: Buffer) =>
  `Basic ${Buffer.concat([Buffer.from(`${user}:`), password]).toString('base64')}`;

/** The bytes of the file, so that a key may be any (OCPP-J 1.6, 6.2.2); of a text without the end of its line. */
function readPassword(file: string): Buffer {
  const bytes = readBytes(file);
  const text = /^([\x20-\x7e]*)\r?\n$/.exec(bytes.toString('latin1'))?.[1];
  const password = text === undefined ? bytes : Buffer.from(text);
  if (password.length === 0) throw new Error(`${file} is empty`);
  return password;
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}
