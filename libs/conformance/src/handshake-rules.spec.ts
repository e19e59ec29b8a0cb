import type { HandshakeAccepted, HandshakeRefused } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { UNJUDGED_RULES } from './connection-rules.ts';
import { certificateBreaches, handshakeBreaches } from './handshake-rules.ts';
import { RULES } from './rules.ts';

const TLS = { version: 'TLSv1.2', cipher: 'ECDHE-RSA-AES128-GCM-SHA256' };
const PLAIN: HandshakeAccepted = {
  leg: 'station',
  rawPath: '/ocpp/CP%201',
  headerNames: [],
  offeredSubprotocols: ['ocpp1.6'],
  selectedSubprotocol: 'ocpp1.6',
  credential: { scheme: 'Basic', userName: 'CP 1', form: 'binary', bytes: 20 },
  runMonotonic: 0,
};
const SOUND: HandshakeAccepted = { ...PLAIN, remoteAddress: '203.0.113.9', tls: TLS };
const foundIn = (more: Partial<HandshakeAccepted | HandshakeRefused>) =>
  handshakeBreaches({ ...SOUND, ...more }, 'CP 1').map(({ rule, severity, subject }) =>
    [rule, severity ?? RULES[rule].severity, subject].join(' '),
  );
const credential = (form: 'text' | 'hex' | 'binary', bytes: number, userName?: string) => ({
  credential: { scheme: 'Basic', form, bytes, ...(userName !== undefined && { userName }) },
});
const withoutTls = (remoteAddress: string) =>
  handshakeBreaches({ ...PLAIN, remoteAddress }, 'CP 1').map(({ rule }) => rule);

describe('a handshake', () => {
  it('that is sound breaks nothing', () => {
    expect(foundIn({})).toEqual([]);
  });

  it.each<[string, Partial<HandshakeAccepted | HandshakeRefused>, string[]]>([
    ['offers nothing', { offeredSubprotocols: [] }, ['conn-subprotocol-missing error station']],
    [
      'spells OCPP otherwise',
      { offeredSubprotocols: ['OCPP1.6J'] },
      ['conn-subprotocol-unknown warning station'],
    ],
    ['offers more', { offeredSubprotocols: ['soap', 'ocpp1.6'] }, ['conn-subprotocol-unknown info station']],
    ['is encoded twice', { rawPath: '/ocpp/CP%25201' }, ['conn-identity-encoding warning station']],
    ['is not encoded', { rawPath: '/ocpp/CP"1' }, ['conn-identity-encoding warning station']],
    ['names another user', credential('binary', 20), ['conn-identity-auth-mismatch error station']],
    ['has a short key', credential('text', 8, 'CP 1'), ['conn-auth-key-weak warning station']],
    ['has its key in hex', credential('hex', 40, 'CP 1'), ['conn-auth-key-weak info station']],
    [
      'has a password of OCPP 2',
      { ...credential('text', 40, 'CP 1'), offeredSubprotocols: ['ocpp2.0.1'] },
      [],
    ],
    ['speaks old TLS', { tls: { ...TLS, version: 'TLSv1.1' } }, ['conn-tls-version warning station']],
    ['has a weak suite', { tls: { ...TLS, cipher: 'AES128-SHA' } }, ['conn-tls-version warning station']],
    [
      'has no key of WebSocket',
      { status: 400, reason: 'bad-websocket-key' },
      ['conn-upgrade-invalid error station'],
    ],
    [
      'has no name in it',
      { status: 404, reason: 'path-empty-segment' },
      ['conn-identity-encoding warning station'],
    ],
    ['is a browser’s', { status: 403, reason: 'browser', offeredSubprotocols: [] }, []],
    [
      'ended in TLS',
      { status: 495, reason: 'certificate-untrusted', rawPath: '', offeredSubprotocols: [] },
      [],
    ],
    [
      'was answered with what nobody offered',
      { leg: 'upstream', selectedSubprotocol: 'ocpp2.1' },
      ['conn-subprotocol-not-agreed error csms'],
    ],
    [
      'is answered over old TLS',
      { leg: 'upstream', tls: { ...TLS, version: 'TLSv1' } },
      ['conn-tls-version warning csms'],
    ],
  ])('that %s', (_, more, expected) => {
    expect(foundIn(more)).toEqual(expected);
  });

  it('without TLS breaks a rule only across the internet', () => {
    const inside = [
      '127.0.0.1',
      '10.1.2.3',
      '172.31.0.1',
      '100.64.0.9',
      '::1',
      '::ffff:192.168.0.4',
      'fd00::1',
    ];
    expect(inside.map(withoutTls)).toEqual(inside.map(() => []));
    const outside = ['203.0.113.9', '172.32.0.1', '100.128.0.1', '::ffff:8.8.8.8', '2001:db8::1'];
    expect(outside.map(withoutTls)).toEqual(outside.map(() => ['conn-plaintext']));
  });

  it('through a trusted proxy has a socket that tells nothing of the station’s', () => {
    const proxied = { ...PLAIN, remoteAddress: '203.0.113.9', proxyAddress: '10.0.0.2' };
    expect(handshakeBreaches(proxied, 'CP 1')).toEqual([]);
    expect(foundIn({ tls: { ...TLS, version: 'TLSv1.1' }, proxyAddress: '10.0.0.2' })).toEqual([]);
  });
});

describe('a certificate', () => {
  const found = (subject: string, ...serials: string[]) =>
    certificateBreaches(subject, serials, 'CP-1').map(({ rule }) => rule);

  it('names the serial number of its station, or the station itself', () => {
    expect(found('O=Maker, CN=SN-77.maker.example', 'SN-77')).toEqual([]);
    expect(found('CN=CP-1, O=Maker', 'SN-77')).toEqual([]);
    expect(found('CN=somebody, O=SN-77', 'SN-77')).toEqual(['conn-client-cert-cn']);
    expect(found('O=Maker', 'SN-77')).toEqual(['conn-client-cert-cn']);
  });

  it('is not judged where the station tells no serial number', () => {
    expect(found('CN=somebody')).toEqual([]);
  });
});

it('each rule is either judged, or told why it is not', () => {
  for (const [rule, { why }] of Object.entries(UNJUDGED_RULES)) {
    expect(RULES).not.toHaveProperty(rule);
    expect(why).not.toBe('');
  }
});
