import type { CredentialForm, HandshakeAccepted, HandshakeRefused, TlsFacts } from '@chargeproof/record';
import { isPublicAddress } from './public-address.ts';
import type { Breach, RuleName } from './rules.ts';

/** A breach, and whose it is. */
export type HandshakeBreach = Breach & { readonly subject: 'station' | 'csms' };
type Handshake = HandshakeAccepted | HandshakeRefused;

const SUBPROTOCOLS: readonly string[] = ['ocpp1.2', 'ocpp1.5', 'ocpp1.6', 'ocpp2.0', 'ocpp2.0.1', 'ocpp2.1'];
/** What was refused as these is no station's: browsers, probes of health, scanners. */
const OTHERS: ReadonlySet<string> = new Set([
  'browser',
  'not-http',
  'not-get',
  'not-websocket',
  'path-not-ours',
]);
const BY_REFUSAL: Readonly<Record<string, readonly [RuleName, string]>> = {
  'bad-websocket-key': ['conn-upgrade-invalid', 'Sec-WebSocket-Key is not 16 bytes in base64'],
  'websocket-version': ['conn-upgrade-invalid', 'Sec-WebSocket-Version is not 13'],
  'path-bad-percent': ['conn-identity-encoding', 'a percent sign is followed by no two hex digits'],
  'path-control-character': ['conn-identity-encoding', 'a control character is in it'],
  'path-empty-segment': ['conn-identity-encoding', 'a part of the path is empty'],
  'path-dot-segment': ['conn-identity-encoding', 'a part of the path is . or ..'],
  'path-too-deep': ['conn-identity-encoding', 'the path has more parts than tenant and station'],
};
const KEY_BYTES = { least: 16, most: 20 } as const;
const OLD_TLS: ReadonlySet<string> = new Set(['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.0', 'TLSv1.1']);
const SOUND_SUITE = /GCM|CCM|POLY1305/;

/**
 * What is wrong with a handshake, as far as its record tells.
 * @param station whose it is, percent-decoded; absent where none is named
 */
export function handshakeBreaches(handshake: Handshake, station?: string): readonly HandshakeBreach[] {
  const { leg } = handshake;
  if (leg === 'station' && 'reason' in handshake && OTHERS.has(handshake.reason)) return [];
  const breaches = leg === 'station' ? ofStation(handshake, station) : ofCsms(handshake);
  const subject = leg === 'station' ? 'station' : 'csms';
  return [...breaches, ...ofSocket(handshake)].map((breach) => ({ ...breach, subject }));
}

function ofStation(handshake: Handshake, station: string | undefined): readonly Breach[] {
  const refused = 'reason' in handshake ? BY_REFUSAL[handshake.reason] : undefined;
  if (refused !== undefined) return [{ rule: refused[0], detail: refused[1] }];
  // A handshake that ended before HTTP was read offered nothing yet.
  if (handshake.rawPath === '') return [];
  return [
    ...ofOffer(handshake.offeredSubprotocols),
    ...ofPath(handshake.rawPath),
    ...(handshake.credential === undefined ? [] : ofCredential(handshake.credential, handshake, station)),
  ];
}

function ofOffer(offered: readonly string[]): readonly Breach[] {
  if (offered.length === 0)
    return [{ rule: 'conn-subprotocol-missing', detail: 'Sec-WebSocket-Protocol is not there, or empty' }];
  const unknown = offered.find((name) => !SUBPROTOCOLS.includes(name));
  if (unknown === undefined) return [];
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^0-9a-z]|j$/g, '');
  const meant = SUBPROTOCOLS.find((name) => plain(name) === plain(unknown));
  const hasKnown = offered.some((name) => SUBPROTOCOLS.includes(name));
  const detail = meant === undefined ? 'a name that is none of OCPP is offered' : `OCPP spells it ${meant}`;
  return [{ rule: 'conn-subprotocol-unknown', detail, ...(hasKnown && { severity: 'info' }) }];
}

function ofPath(rawPath: string): readonly Breach[] {
  const [path = ''] = rawPath.split('?');
  if (/%25[0-9a-f]{2}/i.test(path))
    return [{ rule: 'conn-identity-encoding', detail: 'it is encoded twice' }];
  if (!/^[\w\-.~!$&'()*+,;=:@/%]*$/.test(path))
    return [{ rule: 'conn-identity-encoding', detail: 'a character that has to be encoded is not' }];
  return [];
}

/** The record keeps a user name only where the path has it, too: another one could be a key in the wrong field. */
function ofCredential(
  { form, userName, bytes = 0 }: CredentialForm,
  { offeredSubprotocols }: Handshake,
  station: string | undefined,
): readonly Breach[] {
  if (form === undefined) return [];
  const isOwn = station === undefined || userName === station;
  const mismatch: Breach = { rule: 'conn-identity-auth-mismatch', detail: 'the user name is another' };
  return [...(isOwn ? [] : [mismatch]), ...(offeredSubprotocols.some(isOfTwo) ? [] : ofKey(form, bytes))];
}

/** Passwords of OCPP 2 are texts of up to 40 characters. */
const isOfTwo = (name: string) => name.startsWith('ocpp2');

function ofKey(form: NonNullable<CredentialForm['form']>, bytes: number): readonly Breach[] {
  const { least, most } = KEY_BYTES;
  if (form === 'hex' && bytes >= 2 * least && bytes <= 2 * most)
    return [
      { rule: 'conn-auth-key-weak', detail: 'the key is sent as hex digits, not as bytes', severity: 'info' },
    ];
  if (bytes >= least && bytes <= most) return [];
  return [{ rule: 'conn-auth-key-weak', detail: `the key has ${bytes} bytes` }];
}

function ofCsms(handshake: Handshake): readonly Breach[] {
  if (!('selectedSubprotocol' in handshake)) return [];
  if (handshake.offeredSubprotocols.includes(handshake.selectedSubprotocol)) return [];
  return [{ rule: 'conn-subprotocol-not-agreed', detail: 'what was selected had not been offered' }];
}

function ofSocket({ tls, remoteAddress, proxyAddress }: Handshake): readonly Breach[] {
  // It is the proxy's. What the other end's own is like, TLS or none, only the proxy knows.
  if (proxyAddress !== undefined) return [];
  if (tls !== undefined) return ofTls(tls);
  if (remoteAddress === undefined || !isPublicAddress(remoteAddress)) return [];
  return [{ rule: 'conn-plaintext', detail: 'the other end has a public address' }];
}

function ofTls({ version, cipher }: TlsFacts): readonly Breach[] {
  if (OLD_TLS.has(version)) return [{ rule: 'conn-tls-version', detail: `it is ${version}` }];
  if (version === 'unknown' || SOUND_SUITE.test(cipher)) return [];
  return [{ rule: 'conn-tls-version', detail: `the suite is ${cipher}` }];
}

/**
 * Whether the certificate that a station showed names what it says of itself at boot.
 * @param certificateSubject as the record has it: `CN=…, O=…`
 * @param serials what BootNotification tells, as far as it tells any
 */
export function certificateBreaches(
  certificateSubject: string,
  serials: readonly string[],
  station: string,
): readonly HandshakeBreach[] {
  const name = /(?:^|, )CN=(.*?)(?=, [A-Za-z]+=|$)/s.exec(certificateSubject)?.[1] ?? '';
  // A station whose identity is in it was told apart by that: some makers take the serial number for it.
  const isNamed = [...serials, station].some((each) => each !== '' && name.includes(each));
  if (serials.length === 0 || isNamed) return [];
  const detail =
    name === '' ? 'it has no common name' : 'its common name holds no serial number of BootNotification';
  return [{ rule: 'conn-client-cert-cn', detail, subject: 'station' }];
}
