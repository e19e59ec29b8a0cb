import { connect as tcp } from 'node:net';
import { describe, expect, it } from 'vitest';
import { until } from '../testing/until.ts';
import type { UpstreamStub } from '../testing/wire.ts';
import { startHttpUpstream, startTcpUpstream } from '../testing/bad-upstreams.ts';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { connect, End, startUpstream, station } from '../testing/wire.ts';

describe('a relayed handshake', () => {
  it('is recorded on both legs before the station has its answer', async () => {
    await using recorder = await RecorderUnderTest.start();
    await station(recorder.url('/ocpp/CP-1?x=1'), ['ocpp2.0.1', 'ocpp1.6'], {
      headers: { Authorization: `Basic ${Buffer.from('CP-1:secret-key').toString('base64')}` },
    });
    const records = await recorder.ofType('ocpp.handshake-accepted.v1');
    expect(records.map(({ attributes }) => attributes.sequence)).toEqual([0, 1]);
    const [own, upstream] = await recorder.payloads('ocpp.handshake-accepted.v1');
    expect(own).toMatchObject({
      leg: 'station',
      rawPath: '/ocpp/CP-1?x=1',
      offeredSubprotocols: ['ocpp2.0.1', 'ocpp1.6'],
      selectedSubprotocol: 'ocpp2.0.1',
      previousConnection: null,
      credential: { scheme: 'Basic', userName: 'CP-1', form: 'text', bytes: 10 },
    });
    expect(own?.headerNames).toContain('Authorization');
    expect(upstream).toMatchObject({
      leg: 'upstream',
      rawPath: '/csms/CP-1?x=1',
      selectedSubprotocol: 'ocpp2.0.1',
    });
    expect(JSON.stringify([own, upstream])).not.toContain('secret-key');
    expect(recorder.upstream.requests[0]?.headers.authorization).toMatch(/^Basic /);
  });

  it.each([
    { offered: ['ocpp0.1', 'ocpp1.6'], selected: 'ocpp1.6' },
    { offered: ['ocpp0.1'], selected: '' },
    { offered: [], selected: '' },
    { offered: ['ocpp2.1'], selected: 'ocpp2.1' },
  ])('of $offered has the choice of the upstream: "$selected"', async ({ offered, selected }) => {
    await using recorder = await RecorderUnderTest.start();
    // A client of ws refuses an answer without a subprotocol, so the offer is a plain header here.
    const charger = await rawStation(recorder, 'CP-1', offered);
    expect(charger.selected).toBe(selected);
    const [own] = await recorder.payloads('ocpp.handshake-accepted.v1');
    expect(own?.offeredSubprotocols).toEqual(offered);
    expect(own?.selectedSubprotocol ?? '').toBe(selected);
    charger.end();
  });

  it('names the connection before it, and both sockets of one identity live where that is asked for', async () => {
    await using recorder = await RecorderUnderTest.start({ secondSocket: 'both' });
    const first = await station(recorder.url('/ocpp/CP-1'));
    const firstUp = await recorder.upstream.next();
    const second = await station(recorder.url('/ocpp/CP-1'));
    const secondUp = await recorder.upstream.next();
    first.send('[2,"a","Heartbeat",{}]');
    second.send('[2,"b","Heartbeat",{}]');
    await until(() => firstUp.texts.length + secondUp.texts.length === 2);
    expect([firstUp.texts, secondUp.texts]).toEqual([['[2,"a","Heartbeat",{}]'], ['[2,"b","Heartbeat",{}]']]);
    const records = await recorder.ofType('ocpp.handshake-accepted.v1');
    const [one, , two] = await recorder.payloads('ocpp.handshake-accepted.v1');
    expect(one?.previousConnection).toBeNull();
    expect(two?.previousConnection).toBe(records[0]?.attributes.connection);
    expect(records[2]?.attributes.connection).not.toBe(records[0]?.attributes.connection);
  });
});

describe('a handshake that the upstream does not accept', () => {
  const http = (status: string, headers = '') =>
    startHttpUpstream(`HTTP/1.1 ${status}\r\n${headers}Content-Length: 0\r\n\r\n`);
  const cases: [string, () => Promise<UpstreamStub>, number, string][] = [
    ['says 401', () => http('401 Unauthorized', 'WWW-Authenticate: Basic\r\n'), 401, 'upstream-refused'],
    ['says 404', () => http('404 Not Found'), 404, 'upstream-refused'],
    ['says 500', () => http('500 Broken'), 500, 'upstream-refused'],
    ['says 200', () => http('200 OK'), 502, 'upstream-refused'],
    ['redirects', () => http('302 Found', 'Location: ws://elsewhere/\r\n'), 502, 'upstream-refused'],
    ['speaks no HTTP', () => startHttpUpstream('SSH-2.0-OpenSSH_9.9\r\n'), 502, 'upstream-wrong'],
    ['hangs up', () => startHttpUpstream(''), 502, 'upstream-wrong'],
    [
      'has a wrong key',
      () =>
        http(
          '101 Switching Protocols',
          'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n',
        ),
      502,
      'upstream-wrong',
    ],
    [
      'chose what nobody offered',
      () => startUpstream({ handleProtocols: () => 'ocpp9' }),
      502,
      'upstream-wrong',
    ],
    ['never answers', () => startTcpUpstream(() => undefined), 504, 'upstream-timeout'],
    ['is not there', closedUpstream, 502, 'upstream-unreachable'],
  ];
  it.each(cases)('because it %s is refused on both legs', async (_, start, status, reason) => {
    await using recorder = await RecorderUnderTest.start(
      { upstreamTimeoutSeconds: 0.2 },
      { upstream: await start() },
    );
    const refused = await connect(recorder.url('/ocpp/CP-1'));
    expect(refused).toMatchObject({ status, body: reason });
    const payloads = await recorder.payloads('ocpp.handshake-refused.v1');
    expect(payloads).toMatchObject([
      { leg: 'station', status, reason, previousConnection: null },
      { leg: 'upstream', status, reason },
    ]);
    const [record] = await recorder.ofType('ocpp.handshake-refused.v1');
    expect(record?.key).toBe('default/CP-1');
    if (status === 401) expect(refused).toMatchObject({ headers: { 'www-authenticate': 'Basic' } });
  });

  it('is given up when the station leaves', async () => {
    await using recorder = await RecorderUnderTest.start(
      {},
      { upstream: await startTcpUpstream(() => undefined) },
    );
    const socket = tcp(recorder.gateway.address.port, '127.0.0.1');
    socket.write(upgradeRequest('/ocpp/CP-1', ['ocpp1.6']));
    await new Promise((resolve) => setImmediate(resolve));
    socket.resetAndDestroy();
    await until(async () => (await recorder.ofType('ocpp.handshake-refused.v1')).length === 2);
    expect(await recorder.payloads('ocpp.handshake-refused.v1')).toMatchObject([
      { reason: 'station-left' },
      { reason: 'station-left' },
    ]);
  });
});

describe('a handshake that the gateway refuses by itself', () => {
  it.each([
    [{ 'Sec-Fetch-Mode': 'websocket' }, 403],
    [{ Origin: 'https://evil.example' }, 403],
    [{ Origin: 'HTTP://evil.example' }, 403],
    [{ Origin: 'https://good.example', 'Sec-Fetch-Site': 'cross-site' }, 101],
    [{ Origin: 'file://' }, 101],
    [{ Origin: 'null' }, 101],
  ])('with headers %o ends with %d', async (headers, status) => {
    await using recorder = await RecorderUnderTest.start({ allowBrowserOrigins: ['https://good.example'] });
    const answer = await connect(recorder.url('/ocpp/CP-1'), ['ocpp1.6'], {
      headers: headers,
    });
    expect(answer instanceof End ? 101 : answer.status).toBe(status);
    if (status === 101) return;
    expect(await recorder.payloads('ocpp.handshake-refused.v1')).toMatchObject([
      { reason: 'browser', status },
    ]);
    expect(recorder.upstream.requests).toEqual([]);
  });

  it.each([
    ['GET', { 'Sec-WebSocket-Version': '7' }, 426, 'websocket-version'],
    ['GET', { 'Sec-WebSocket-Key': 'short' }, 400, 'bad-websocket-key'],
    ['GET', { Upgrade: 'h2c' }, 426, 'not-websocket'],
    ['POST', {}, 405, 'not-get'],
  ])('%s with %o is answered %d %s', async (method, headers, status, reason) => {
    await using recorder = await RecorderUnderTest.start();
    const answer = await exchange(recorder, upgradeRequest('/ocpp/CP-1', ['ocpp1.6'], headers, method));
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(await recorder.payloads('ocpp.handshake-refused.v1')).toMatchObject([{ status, reason }]);
  });

  it('counts a flood that names no station in one record', async () => {
    await using recorder = await RecorderUnderTest.start({ tenants: ['acme'] });
    for (let index = 0; index < 20; index += 1) {
      expect(await connect(recorder.url(`/ocpp/nobody/CP-${index}`))).toMatchObject({
        status: 404,
        body: 'unknown-tenant',
      });
    }
    await connect(recorder.url('/ocpp//CP'));
    expect(await recorder.ofType('ocpp.handshake-refused.v1')).toHaveLength(2);
    await recorder.gateway.tick();
    const records = await recorder.ofType('ocpp.handshake-refused.v1');
    expect(new Set(records.map(({ key }) => key))).toEqual(new Set(['default/-']));
    const payloads = await recorder.payloads('ocpp.handshake-refused.v1');
    expect(payloads.map(({ reason, count }) => [reason, count])).toEqual([
      ['unknown-tenant', undefined],
      ['path-empty-segment', undefined],
      ['unknown-tenant', 19],
    ]);
  });

  it('takes what is no HTTP for such a refusal too', async () => {
    await using recorder = await RecorderUnderTest.start();
    expect(await exchange(recorder, '\u0016\u0003\u0001 not http\r\n\r\n')).toContain('HTTP/1.1 400');
    expect(await recorder.payloads('ocpp.handshake-refused.v1')).toMatchObject([{ reason: 'not-http' }]);
  });

  it('answers plain HTTP without recording it', async () => {
    await using recorder = await RecorderUnderTest.start();
    const base = recorder.url('').replace('ws:', 'http:');
    expect(await (await fetch(`${base}/healthz`)).json()).toEqual({ status: 'ok' });
    const statuses = await Promise.all(
      ['/ocpp/CP-1', '/ocpp/a/b', '/', '/else'].map(async (path) => (await fetch(base + path)).status),
    );
    expect(statuses).toEqual([426, 426, 404, 404]);
    expect(await recorder.ofType('ocpp.handshake-refused.v1')).toEqual([]);
  });
});

async function closedUpstream(): Promise<UpstreamStub> {
  const upstream = await startUpstream();
  await upstream.close();
  return { ...upstream, close: () => Promise.resolve() };
}

function upgradeRequest(
  path: string,
  offered: readonly string[],
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): string {
  const all: Record<string, string> = {
    Host: 'recorder',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...(offered.length > 0 && { 'Sec-WebSocket-Protocol': offered.join(', ') }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

async function exchange(recorder: RecorderUnderTest, request: string): Promise<string> {
  const socket = tcp(recorder.gateway.address.port, '127.0.0.1');
  socket.write(request);
  let answer = '';
  for await (const chunk of socket) {
    answer += String(chunk);
    if (answer.includes(' 101 ')) break;
  }
  return answer;
}

async function rawStation(recorder: RecorderUnderTest, name: string, offered: readonly string[]) {
  const socket = tcp(recorder.gateway.address.port, '127.0.0.1');
  socket.write(upgradeRequest(`/ocpp/${name}`, offered));
  const answer = await new Promise<string>((resolve) =>
    socket.once('data', (chunk) => {
      resolve(String(chunk));
    }),
  );
  expect(answer).toContain('HTTP/1.1 101');
  return {
    selected: /sec-websocket-protocol: (.*)\r\n/i.exec(answer)?.[1] ?? '',
    end: () => socket.destroy(),
  };
}
