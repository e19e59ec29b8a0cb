import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as tcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ConnectionOptions, connect as tls } from 'node:tls';
import { variableName } from '@chargeproof/config';
import { hashCredential, putCredential } from '@chargeproof/keyring';
import type { HandshakeAccepted, HandshakeRefused } from '@chargeproof/record';
import { Ledger, seeded, SimulatedStation, type StationAccess } from '@chargeproof/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientOptions } from 'ws';
import { signedBy } from '../fixtures/certificates.ts';
import { connect, End } from './gateway/ends.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway/gateway-process.ts';
import { payloadsOf, readEverything } from './gateway/recorded.ts';
import { until } from './gateway/until.ts';
import { makePki, type Pki, shown } from './tls/pki.ts';

const KEY = Buffer.from('00ff3a0d'.repeat(5), 'hex');
const PROFILE = { vendor: 'Test', model: 'One', firmwareVersion: '1.0', connectors: 1, maxWatts: 22_000 };
const name = (member: string) => variableName('gateway', member);

let folder: string;
let pki: Pki;
let credentials: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-profiles-'));
  pki = makePki(folder);
  credentials = join(folder, 'stations');
  const hash = await hashCredential(KEY, true);
  const station = (own: string) => ({ tenant: 'default', station: own });
  await putCredential(credentials, station('KEYED'), { hash });
  await putCredential(credentials, station('KEYED-TLS'), { hash, profile: 2 });
  await putCredential(credentials, station('CERTIFIED'), { profile: 3 });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A gateway whose settings, and what came of them, a group of tests shares. */
class Recorder {
  readonly process: GatewayProcess;
  readonly #data: string;

  private constructor(process: GatewayProcess, data: string) {
    this.process = process;
    this.#data = data;
  }

  static async start(settings: Readonly<Record<string, string>>): Promise<Recorder> {
    const data = mkdtempSync(join(folder, 'data-'));
    const process = await startGatewayProcess({
      [variableName('data', 'folder')]: data,
      [variableName('runtime', 'logLevel')]: 'warn',
      [name('port')]: '0',
      [name('tlsCertificate')]: pki.files.certificate,
      [name('tlsKey')]: pki.files.key,
      [name('handshakeSeconds')]: '3',
      ...settings,
    });
    return new Recorder(process, data);
  }

  get port(): number {
    return Number(new URL(this.process.address).port);
  }

  /** Whether a station comes in, or with what it is refused. */
  async outcome(station: string, options: ClientOptions = {}, scheme = 'wss'): Promise<string> {
    const url = `${scheme}://127.0.0.1:${this.port}/ocpp/${station}`;
    const end = await connect(url, ['ocpp1.6'], { ca: pki.ours.certificate, ...options }).catch(
      (error: unknown) => error as Error,
    );
    if (end instanceof Error) return 'cut';
    if (!(end instanceof End)) return `${end.status} ${end.reason}`;
    end.socket.terminate();
    return 'open';
  }

  /** A TLS handshake and nothing after it. */
  async handshake(options: ConnectionOptions): Promise<string> {
    return new Promise((resolve) => {
      const socket = tls({ host: '127.0.0.1', port: this.port, ca: pki.ours.certificate, ...options });
      socket.once('secureConnect', () => {
        resolve(`${socket.getProtocol() ?? ''} ${socket.getCipher().name}`);
        socket.destroy();
      });
      socket.once('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code ?? error.message);
      });
    });
  }

  /** Stops it. @returns what it refused and accepted, each station's under its name */
  async recorded() {
    await this.process.signal('SIGTERM');
    const records = await readEverything(this.#data);
    const refused = payloadsOf(records, 'ocpp.handshake-refused.v1');
    const accepted = payloadsOf(records, 'ocpp.handshake-accepted.v1');
    const all = Buffer.concat(records.map(({ value }) => Buffer.from(value))).toString('latin1');
    return { records, refused, accepted, all };
  }
}

const basic = (station: string, password: Uint8Array): ClientOptions => ({
  headers: {
    Authorization: `Basic ${Buffer.concat([Buffer.from(`${station}:`), password]).toString('base64')}`,
  },
});
const inShort = ({ reason, status, count = 1 }: HandshakeRefused) => `${status} ${reason} ${count}`;
const ofPath = <Told extends HandshakeAccepted | HandshakeRefused>(told: readonly Told[], station: string) =>
  told.filter(({ rawPath }) => rawPath === `/ocpp/${station}`);

describe('a gateway that asks at least for a key', () => {
  it('takes each station as its own profile says, and no other way', async () => {
    const recorder = await Recorder.start({
      [name('credentials')]: credentials,
      [name('tlsClientCa')]: pki.files.clientCa,
      [name('securityProfile')]: '1',
    });
    const own = signedBy(pki.ours, 'CERTIFIED');
    const alternative = signedBy(pki.ours, 'some serial number', { names: ['CERTIFIED'] });
    const another = signedBy(pki.ours, 'OTHER', { names: ['certified', 'CERTIFIED.example'] });
    const stranger = signedBy(pki.others, 'CERTIFIED');
    const expired = signedBy(pki.ours, 'CERTIFIED', { endsInHours: -1 });
    const outcomes: readonly (readonly [string, () => Promise<string>])[] = [
      ['open', () => recorder.outcome('KEYED', basic('KEYED', KEY), 'ws')],
      ['open', () => recorder.outcome('KEYED', basic('KEYED', KEY))],
      ['open', () => recorder.outcome('KEYED', { ...basic('KEYED', KEY), ...shown(stranger) })],
      ['401 credential-wrong', () => recorder.outcome('KEYED', basic('KEYED', KEY.subarray(1)))],
      ['401 credential-missing', () => recorder.outcome('KEYED', shown(own))],
      ['403 tls-required', () => recorder.outcome('KEYED-TLS', basic('KEYED-TLS', KEY), 'ws')],
      ['open', () => recorder.outcome('KEYED-TLS', basic('KEYED-TLS', KEY))],
      ['403 tls-required', () => recorder.outcome('CERTIFIED', {}, 'ws')],
      ['open', () => recorder.outcome('CERTIFIED', shown(own))],
      ['open', () => recorder.outcome('CERTIFIED', shown(alternative))],
      ['401 certificate-missing', () => recorder.outcome('CERTIFIED', basic('CERTIFIED', KEY))],
      ['401 certificate-mismatch', () => recorder.outcome('CERTIFIED', shown(another))],
      ['401 certificate-untrusted', () => recorder.outcome('CERTIFIED', shown(stranger))],
      ['401 certificate-untrusted', () => recorder.outcome('CERTIFIED', shown(expired))],
      ['404 unknown-station', () => recorder.outcome('NOBODY', shown(signedBy(pki.ours, 'NOBODY')))],
    ];
    // One by one: of those that are checked against one hash at once, the fifth is told to come back.
    const became: string[] = [];
    for (const [, outcome] of outcomes) became.push(await outcome());
    expect(became).toEqual(outcomes.map(([expected]) => expected));
    const { refused, accepted, all } = await recorder.recorded();
    expect(ofPath(refused, 'CERTIFIED').map(inShort).toSorted()).toEqual([
      '401 certificate-mismatch 1',
      '401 certificate-missing 1',
      '401 certificate-untrusted 1',
      '401 certificate-untrusted 1',
      '403 tls-required 1',
    ]);
    expect(ofPath(refused, 'NOBODY').map(inShort)).toEqual(['404 unknown-station 1']);
    const untrusted = refused.filter(({ reason }) => reason === 'certificate-untrusted');
    expect(untrusted.map(({ detail }) => detail).toSorted()).toEqual([
      'CERT_HAS_EXPIRED',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ]);
    expect(refused.find(({ reason }) => reason === 'certificate-mismatch')?.tls).toMatchObject({
      version: 'TLSv1.3',
      certificateSubject: 'CN=OTHER',
    });
    expect(ofPath(accepted, 'KEYED').map(({ tls }) => tls?.version)).toContain(undefined);
    expect(ofPath(accepted, 'CERTIFIED')[0]?.tls).toMatchObject({ cipher: 'TLS_AES_256_GCM_SHA384' });
    for (const form of [KEY.toString('hex'), KEY.toString('base64'), KEY.toString('latin1')]) {
      expect(all + recorder.process.said()).not.toContain(form);
    }
  });
});

describe('simulated stations', () => {
  it('charge over TLS, by their key and by their certificate', async () => {
    const recorder = await Recorder.start({
      [name('credentials')]: credentials,
      [name('tlsClientCa')]: pki.files.clientCa,
    });
    const ledger = new Ledger();
    const ca = pki.ours.certificate;
    const charge = async (identity: string, access: StationAccess) => {
      const station = new SimulatedStation({
        profile: { ...PROFILE, identity },
        url: `wss://127.0.0.1:${recorder.port}/ocpp`,
        access,
        ledger,
        random: seeded('tls'),
        now: Date.now,
        pause,
      });
      await station.connect();
      expect(await station.charge(1, { samples: 1, sampleMilliseconds: 1 })).toBeGreaterThan(0);
      await station.disconnect();
    };
    await charge('KEYED', { key: KEY.toString('hex'), tls: { ca } });
    await charge('CERTIFIED', { tls: { ca, ...shown(signedBy(pki.ours, 'CERTIFIED')) } });
    await expect(charge('KEYED', { tls: { ca } })).rejects.toThrow('401');
    const { records } = await recorder.recorded();
    const frames = records.filter(({ attributes }) => attributes.type === 'ocpp.frame.v1');
    expect(frames).toHaveLength(ledger.entries.length);
  });
});

describe('a gateway that asks every station for a certificate', () => {
  let recorder: Recorder;
  beforeAll(async () => {
    recorder = await Recorder.start({ [name('tlsClientCa')]: pki.files.clientCa });
  });
  afterAll(() => recorder.process.signal('SIGKILL'));

  it('knows whoever has one, cuts in TLS whose is not trusted, and counts who shows none', async () => {
    expect(recorder.process.address).toMatch(/^wss:/);
    const client = (...wanted: Parameters<typeof signedBy>) => shown(signedBy(...wanted));
    expect(await recorder.outcome('CP-1', client(pki.ours, 'CP-1'))).toBe('open');
    expect(await recorder.outcome('CP-2', client(pki.ours, 'CP-1'))).toBe('401 certificate-mismatch');
    expect(await recorder.outcome('CP-1', client(pki.others, 'CP-1'))).toBe('cut');
    expect(await recorder.outcome('CP-1', client(pki.ours, 'CP-1', { endsInHours: -1 }))).toBe('cut');
    for (const station of ['CP-1', 'CP-2', 'CP-3']) {
      expect(await recorder.outcome(station)).toBe('401 certificate-missing');
    }
    expect(await recorder.outcome('CP-1', {}, 'ws')).toBe('403 tls-required');
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await recorder.handshake(old)).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    const weak = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' } as const;
    expect(await recorder.handshake(weak)).toBe('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE');
    const asked = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' } as const;
    expect(await recorder.handshake(asked)).toBe('TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256');
    const silent = tcp(recorder.port, '127.0.0.1');
    const slow = tcp(recorder.port, '127.0.0.1');
    const leaving = tcp(recorder.port, '127.0.0.1');
    const closed = [silent, slow].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    slow.write(Buffer.from('160301', 'hex'));
    leaving.end(Buffer.from('160301', 'hex'));
    expect(await recorder.outcome('CP-1', client(pki.ours, 'CP-1'))).toBe('open');
    await Promise.all(closed);

    const { records, refused } = await recorder.recorded();
    const nameless = records.filter(({ key }) => key === 'default/-');
    const told = payloadsOf(nameless, 'ocpp.handshake-refused.v1');
    expect(told.map(inShort).toSorted()).toEqual([
      '401 certificate-missing 1',
      '401 certificate-missing 2',
      '403 tls-required 1',
      '408 handshake-timeout 1',
      '408 handshake-timeout 1',
      '495 tls-certificate 1',
      '495 tls-certificate 1',
      '495 tls-cipher 1',
      '495 tls-left 1',
      '495 tls-version 1',
    ]);
    expect(told.filter(({ reason }) => reason === 'tls-certificate')).toMatchObject([
      { detail: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', tls: { certificateSubject: 'CN=CP-1' } },
      { detail: 'CERT_HAS_EXPIRED', remoteAddress: '127.0.0.1' },
    ]);
    expect(ofPath(refused, 'CP-2').find(({ status }) => status === 401)?.reason).toBe('certificate-mismatch');
  });
});

describe('certificates, keys and authorities that are changed', () => {
  it('hold from the next handshake on; open sockets stay, and what is broken changes nothing', async () => {
    const files = makePki(mkdtempSync(join(folder, 'changed-'))).files;
    writeFileSync(files.certificate, pki.server.certificate);
    writeFileSync(files.key, pki.server.key);
    writeFileSync(files.clientCa, pki.ours.certificate);
    const recorder = await Recorder.start({
      [name('tlsCertificate')]: files.certificate,
      [name('tlsKey')]: files.key,
      [name('tlsClientCa')]: files.clientCa,
      // The same station comes again, beside its socket that is to stay.
      [name('secondSocket')]: 'both',
    });
    const before = shown(signedBy(pki.ours, 'CP-1'));
    const url = `wss://127.0.0.1:${recorder.port}/ocpp/CP-1`;
    const open = await connect(url, ['ocpp1.6'], { ca: pki.ours.certificate, ...before });
    if (!(open instanceof End)) throw new Error(open.reason);

    writeFileSync(files.key, 'no key');
    writeFileSync(files.clientCa, pki.others.certificate);
    expect(await recorder.outcome('CP-1', before)).toBe('open');
    const warning = `${files.key} holds no private key in PEM; what was read before`;
    await until(() => recorder.process.said().includes(warning));
    expect(recorder.process.said().match(/holds no private key/g)).toHaveLength(1);

    const renewed = signedBy(pki.others, 'recorder', { keyType: 'rsa' });
    writeFileSync(files.certificate, renewed.certificate);
    writeFileSync(files.key, renewed.key);
    expect(await recorder.outcome('CP-1', before)).toBe('cut');
    expect(await recorder.outcome('CP-1', { ...before, ca: pki.others.certificate })).toBe('cut');
    const after = { ...shown(signedBy(pki.others, 'CP-1')), ca: pki.others.certificate };
    expect(await recorder.outcome('CP-1', after)).toBe('open');
    // Of the four suites that the white paper names, the one that the smallest chargers have.
    const small = {
      maxVersion: 'TLSv1.2',
      ciphers: 'AES128-GCM-SHA256',
      ca: pki.others.certificate,
    } as const;
    expect(await recorder.handshake(small)).toBe('TLSv1.2 AES128-GCM-SHA256');
    open.send('[2,"1","Heartbeat",{}]');
    await until(() => open.got.length === 1);
    open.socket.terminate();
    await recorder.process.signal('SIGTERM');
    expect(recorder.process.said()).not.toContain('PRIVATE KEY');
  });
});
