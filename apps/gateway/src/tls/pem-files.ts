import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A certificate with its chain, and the key of the first. PEM. */
export type KeyPair = { readonly cert: string; readonly key: string };

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Certificates of authorities, as text. @throws Error naming the file */
export function readAuthorities(file: string): string {
  const text = readPem(file);
  certificatesIn(file, text);
  return text;
}

/** @throws Error naming the file that is wrong */
export function readKeyPair(certificateFile: string, keyFile: string): KeyPair {
  const cert = readPem(certificateFile);
  const [own] = certificatesIn(certificateFile, cert);
  const key = readPem(keyFile);
  if (own?.checkPrivateKey(keyIn(keyFile, key)) !== true) {
    throw new Error(`${keyFile} is not the key of the first certificate in ${certificateFile}`);
  }
  return { cert, key };
}

/** @returns what to say of a certificate that does not hold at that time, in milliseconds */
export function validityTrouble(file: string, pem: string, now: number): string | undefined {
  const [own] = certificatesIn(file, pem);
  if (own === undefined) return undefined;
  if (Date.parse(own.validTo) < now) return `${file} has expired: ${own.validTo}`;
  return Date.parse(own.validFrom) > now ? `${file} does not hold before ${own.validFrom}` : undefined;
}

/** The text of a file. @throws Error naming it */
function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}

function certificatesIn(file: string, text: string): readonly X509Certificate[] {
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) throw new Error(`${file} holds no certificate in PEM`);
  return blocks.map((block) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw new Error(`${file} holds a damaged certificate`);
    }
  });
}

/** What the file holds is never quoted. */
function keyIn(file: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    const isLocked = (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE';
    throw new Error(
      isLocked ? `${file} has a passphrase: give a key without one` : `${file} holds no private key in PEM`,
    );
  }
}
