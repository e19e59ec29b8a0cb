import { createServer, type Server } from 'node:https';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { variableName } from '@chargeproof/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { type Certified, makeAuthority, signedBy } from '../fixtures/certificates.ts';
import { connect, End } from './gateway/ends.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway/gateway-process.ts';
import { payloadsOf, readEverything } from './gateway/recorded.ts';
import { makePki, type Pki, shown } from './tls/pki.ts';

const SECRET = Buffer.from('ff00aa0d'.repeat(5), 'hex');
const name = (member: string) => variableName('gateway', member);
const servers: Server[] = [];
/** Who came to which CSMS: the user and password it had, and the name of its certificate. */
const guests: string[] = [];

/** A CSMS behind TLS. @returns its URL */
async function startCsms(own: Certified, clientCa?: string): Promise<string> {
  const server = createServer({
    ...shown(own),
    ...(clientCa !== undefined && { ca: clientCa, requestCert: true }),
  });
  servers.push(server);
  new WebSocketServer({ server, handleProtocols: () => 'ocpp1.6' }).on('connection', (_, request) => {
    guests.push(describeGuest(request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `wss://127.0.0.1:${(server.address() as AddressInfo).port}/csms`;
}

function describeGuest({ headers, socket, url }: IncomingMessage): string {
  const pair = Buffer.from((headers.authorization ?? '').replace('Basic ', ''), 'base64').toString('latin1');
  const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate().subject : undefined;
  return [url, pair, (certificate as { CN?: string } | undefined)?.CN ?? ''].join(' | ');
}

let folder: string;
let pki: Pki;
let gateway: GatewayProcess;
const route = (url: string, more: object = {}) => ({ url, ca: 'clients.pem', ...more });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-upstream-tls-'));
  pki = makePki(folder);
  const gatewayOwn = signedBy(pki.ours, 'the recorder');
  writeFileSync(join(folder, 'own.pem'), gatewayOwn.certificate);
  writeFileSync(join(folder, 'own.key'), gatewayOwn.key);
  writeFileSync(join(folder, 'secret'), SECRET);
  const good = await startCsms(pki.server);
  const closed = await startCsms(pki.server, pki.ours.certificate);
  const routes = {
    GOOD: route(good),
    REPLACED: route(good, { passwordFile: 'secret' }),
    OTHER: route(good, { user: 'fleet', passwordFile: join(folder, 'secret') }),
    CERTIFIED: route(closed, { certificate: 'own.pem', key: 'own.key' }),
    BARE: route(closed),
    PUBLIC: good,
    SELF: route(await startCsms(makeAuthority('127.0.0.1'))),
    NAMED: route(await startCsms(signedBy(pki.ours, 'csms', { names: ['csms.example'] }))),
    EXPIRED: route(await startCsms(signedBy(pki.ours, 'csms', { endsInHours: -1 }))),
    PLAIN: route(good.replace(/:\d+/, ':9')),
  };
  writeFileSync(join(folder, 'routes.json'), JSON.stringify(routes));
  gateway = await startGatewayProcess({
    [variableName('data', 'folder')]: join(folder, 'data'),
    [name('port')]: '0',
    [name('routes')]: join(folder, 'routes.json'),
  });
});
afterAll(async () => {
  await gateway.signal('SIGKILL');
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

async function outcome(station: string): Promise<string> {
  const headers = { Authorization: `Basic ${Buffer.from(`${station}:its own key`).toString('base64')}` };
  const end = await connect(`${gateway.address}/ocpp/${station}`, ['ocpp1.6'], { headers });
  if (!(end instanceof End)) return `${end.status} ${end.reason}`;
  end.socket.terminate();
  return 'open';
}

describe('a CSMS behind TLS', () => {
  it('is shown what its route says, and is talked to only where it is who it should be', async () => {
    const outcomes = {
      GOOD: 'open',
      REPLACED: 'open',
      OTHER: 'open',
      CERTIFIED: 'open',
      BARE: '502 upstream-tls',
      PUBLIC: '502 upstream-untrusted',
      SELF: '502 upstream-untrusted',
      NAMED: '502 upstream-untrusted',
      EXPIRED: '502 upstream-untrusted',
      PLAIN: '502 upstream-unreachable',
    };
    for (const [station, expected] of Object.entries(outcomes)) {
      expect([station, await outcome(station)]).toEqual([station, expected]);
    }
    expect(guests).toEqual([
      '/csms/GOOD | GOOD:its own key | ',
      `/csms/REPLACED | REPLACED:${SECRET.toString('latin1')} | `,
      `/csms/OTHER | fleet:${SECRET.toString('latin1')} | `,
      '/csms/CERTIFIED | CERTIFIED:its own key | the recorder',
    ]);
    // A CSMS that has another certificate from now on, and a key that is new.
    writeFileSync(join(folder, 'secret'), 'new key\n');
    expect(await outcome('REPLACED')).toBe('open');
    writeFileSync(join(folder, 'clients.pem'), pki.others.certificate);
    expect(await outcome('GOOD')).toBe('502 upstream-untrusted');
    expect(guests.slice(4)).toEqual(['/csms/REPLACED | REPLACED:new key | ']);

    await gateway.signal('SIGTERM');
    const records = await readEverything(join(folder, 'data'));
    const refused = payloadsOf(records, 'ocpp.handshake-refused.v1').filter(({ leg }) => leg === 'upstream');
    const details = Object.fromEntries(refused.map(({ rawPath, detail }) => [rawPath.slice(6), detail]));
    expect(details).toMatchObject({
      SELF: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      PUBLIC: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      NAMED: expect.stringMatching(/^ERR_TLS_CERT_ALTNAME_INVALID: .*127\.0\.0\.1 is not in/) as string,
      EXPIRED: 'CERT_HAS_EXPIRED',
      BARE: expect.stringMatching(/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/) as string,
    });
    const accepted = payloadsOf(records, 'ocpp.handshake-accepted.v1');
    const upstreamOf = (station: string) =>
      accepted.find(({ leg, rawPath }) => leg === 'upstream' && rawPath === `/csms/${station}`);
    expect(upstreamOf('REPLACED')).toMatchObject({
      tls: { version: 'TLSv1.3', certificateSubject: 'CN=recorder' },
      credential: { scheme: 'Basic', userName: 'REPLACED', form: 'binary', bytes: 20 },
    });
    const all = Buffer.concat(records.map(({ value }) => Buffer.from(value))).toString('latin1');
    for (const secret of [SECRET, Buffer.from('new key'), Buffer.from('its own key')]) {
      for (const form of ['latin1', 'base64', 'hex'] as const) {
        expect(all + gateway.said()).not.toContain(secret.toString(form));
      }
    }
  });
});
