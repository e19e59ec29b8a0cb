import { randomBytes } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { variableName } from '@chargeproof/config';
import { Reloaded } from '../reloaded.ts';
import { type GatewaySettings, UnusableSetting } from '../settings.ts';
import { readAuthorities, readKeyPair, validityTrouble } from './pem-files.ts';

/**
 * The four suites that every CSMS must have (OCPP 1.6 security white paper, A00), and before them the like with
 * forward secrecy. Those of TLS 1.3 are all good enough, and are set apart by OpenSSL.
 */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
].join(':');

const TICKET_KEY_BYTES = 48;
const name = (member: string) => variableName('gateway', member);

/**
 * What stations' TLS begins with: certificate, key and the authorities of stations' certificates, of the files as they
 * are now. Open sockets go on with what they began with.
 * @returns undefined where there is no TLS
 * @throws UnusableSetting naming the setting and the file
 */
export function listenerContext(
  settings: GatewaySettings,
  onTrouble: (error: Error) => void,
): Reloaded<SecureContextOptions> | undefined {
  const { tlsCertificate: certificate, tlsKey: key, tlsClientCa: ca } = settings;
  if (certificate === undefined || key === undefined) {
    for (const [member, value] of Object.entries({
      tlsCertificate: certificate,
      tlsKey: key,
      tlsClientCa: ca,
    })) {
      if (value !== undefined) throw incomplete(member);
    }
    return undefined;
  }
  const read = (): SecureContextOptions => {
    const pair = named('tlsCertificate', () => readKeyPair(certificate, key));
    const late = validityTrouble(certificate, pair.cert, Date.now());
    if (late !== undefined) onTrouble(new Error(`${name('tlsCertificate')}: ${late}`));
    const context: SecureContextOptions = {
      ...pair,
      ...(ca !== undefined && { ca: named('tlsClientCa', () => readAuthorities(ca)) }),
      ciphers: CIPHERS,
      honorCipherOrder: true,
      minVersion: 'TLSv1.2',
      // New ones each time: no session outlives the authorities that it was trusted by.
      ticketKeys: randomBytes(TICKET_KEY_BYTES),
    };
    named('tlsCertificate', () => createSecureContext(context));
    return context;
  };
  return new Reloaded([certificate, key, ...(ca === undefined ? [] : [ca])], read, onTrouble);
}

function incomplete(member: string): UnusableSetting {
  return new UnusableSetting(
    `${name(member)} is set, and TLS needs both ${name('tlsCertificate')} and ${name('tlsKey')}`,
  );
}

/** @throws UnusableSetting that begins with the setting */
function named<Result>(member: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new UnusableSetting(`${name(member)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
