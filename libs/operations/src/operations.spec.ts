import { createServer, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isFromThisMachine, showsToken } from './access.ts';
import { operations } from './endpoint.ts';
import { Latency } from './latency.ts';
import { Metrics } from './metrics.ts';
import { type Check, lookAt } from './readiness.ts';
import { Tally } from './tally.ts';

const TOKEN = 'a-token-of-16-characters';
const from = (remoteAddress: string, headers: Record<string, string> = { host: '127.0.0.1:9220' }) =>
  ({ socket: { remoteAddress }, headers }) as never;

describe('who may look', () => {
  it.each([
    ['this machine', from('127.0.0.1'), true],
    ['this machine over IPv6', from('::ffff:127.0.0.1', { host: 'localhost' }), true],
    ['another machine', from('192.168.1.7'), false],
    ['another machine that names this one', from('172.18.0.1', { host: 'localhost:9220' }), false],
    ['a web page by a name of its own', from('127.0.0.1', { host: 'evil.example' }), false],
    [
      'a proxy for somebody',
      from('127.0.0.1', { host: '127.0.0.1', 'x-forwarded-for': '203.0.113.9' }),
      false,
    ],
  ])('%s', (_, request, may) => {
    expect(isFromThisMachine(request)).toBe(may);
  });

  it('shows the token whole, and nobody shows one that there is not', () => {
    expect(showsToken(`Bearer ${TOKEN}`, TOKEN)).toBe(true);
    for (const shown of [undefined, '', 'Bearer', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`])
      expect(showsToken(shown, TOKEN)).toBe(false);
    expect(showsToken('Bearer undefined', undefined)).toBe(false);
  });
});

describe('readiness', () => {
  const fine: Check = { name: 'log', fault: () => undefined };

  it('is there when nothing is at fault', async () => {
    expect(await lookAt([fine])).toEqual({ status: 'ready', reasons: [] });
  });

  it('names every fault: what is said, what is thrown, and what never comes', async () => {
    const checks: Check[] = [
      fine,
      { name: 'lag', fault: () => 'the tables are 400 s behind' },
      { name: 'store', fault: () => Promise.reject(new Error('nobody answers')) },
      { name: 'broker', fault: () => new Promise(() => undefined) },
    ];
    expect((await lookAt(checks, 20)).reasons).toEqual([
      { check: 'lag', reason: 'the tables are 400 s behind' },
      { check: 'store', reason: 'nobody answers' },
      { check: 'broker', reason: 'no answer within 0.02 s' },
    ]);
  });
});

describe('metrics', () => {
  it('are read when they are asked for, in the text that Prometheus reads', async () => {
    const metrics = new Metrics();
    const latency = new Latency();
    let frames = 1;
    metrics.counter('frames_total', 'Frames.', () => [
      { value: frames, labels: { direction: 'station-to-csms' } },
    ]);
    metrics.latency('relay_seconds', 'Relay.', [{ latency }]);
    frames = 7;
    latency.took(0.5);
    latency.took(4.2);
    latency.took(99_000);
    const lines = (await metrics.text()).split('\n');
    expect(lines).toContain('chargeproof_frames_total{direction="station-to-csms"} 7');
    expect(lines).toContain('# TYPE chargeproof_relay_seconds histogram');
    expect(lines).toContain('chargeproof_relay_seconds_bucket{le="0.0005"} 1');
    expect(lines).toContain('chargeproof_relay_seconds_bucket{le="0.004"} 1');
    expect(lines).toContain('chargeproof_relay_seconds_bucket{le="0.005"} 2');
    expect(lines).toContain('chargeproof_relay_seconds_bucket{le="+Inf"} 3');
    expect(lines).toContain('chargeproof_relay_seconds_count 3');
    expect(lines).toContain('chargeproof_relay_seconds_sum 99.0047');
    expect(lines.some((line) => line.startsWith('process_resident_memory_bytes '))).toBe(true);
  });

  it('count a bounded number of words of a bounded form', () => {
    const tally = new Tally();
    tally.add('log-full');
    tally.add('log-full');
    tally.add('CP-1\n{"idTag":"SECRET"}');
    for (let i = 0; i < 100; i++) tally.add(`word-${i}`);
    const counted = new Map(tally.entries());
    expect(counted.get('log-full')).toBe(2);
    expect(counted.size).toBeLessThanOrEqual(41);
    expect([...counted.keys()].join()).not.toContain('SECRET');
  });
});

describe('over HTTP', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function serve(checks: readonly Check[]): Promise<number> {
    const answer = operations({
      metrics: new Metrics(),
      checks,
      mayLook: ({ headers }) => showsToken(headers.authorization, TOKEN),
    });
    server = createServer((request, response) => {
      answer(request, response, () => response.writeHead(418).end());
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  const get = (port: number, path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      ask({ host: '127.0.0.1', port, path, headers }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => {
          resolve({ status: response.statusCode, body });
        });
      })
        .on('error', reject)
        .end();
    });

  it('answers 503 with the reasons, and lets everybody see that it lives', async () => {
    const port = await serve([{ name: 'lag', fault: () => 'far behind' }]);
    expect(await get(port, '/readyz')).toEqual({
      status: 503,
      body: '{"status":"not ready","reasons":[{"check":"lag","reason":"far behind"}]}',
    });
    expect((await get(port, '/healthz', { host: 'station.example' })).status).toBe(200);
    expect((await get(port, '/anything')).status).toBe(418);
  });

  it('tells others nothing without the token', async () => {
    const port = await serve([]);
    const asOther = { host: 'station.example' };
    for (const path of ['/metrics', '/readyz', '/metrics?x=1']) {
      expect((await get(port, path)).status).toBe(200);
      expect((await get(port, path, asOther)).status).toBe(401);
      expect((await get(port, path, { ...asOther, authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    }
  });
});
