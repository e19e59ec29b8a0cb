import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operations } from '@chargeproof/operations';
import type { Store } from '@chargeproof/tables';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiModule } from './api.module.ts';
import { loopbackHostsOnly } from './access/host-check.ts';
import { queryOperations } from './operations/query-operations.ts';
import { RequestCounts } from './operations/request-counts.ts';

const broken = { select: () => Promise.reject(new Error('the store is away')) } as unknown as Store;
let app: INestApplication;
let address: string;

const site = mkdtempSync(join(tmpdir(), 'chargeproof-site-'));
const listening = async (page: string) => {
  const made = await NestFactory.create(ApiModule.with({ store: broken, loopbackOnly: true, page }), {
    logger: false,
  });
  made.use(loopbackHostsOnly);
  made.use(operations(queryOperations({ store: broken, access: {}, counts: new RequestCounts() })));
  await made.listen(0, '127.0.0.1');
  return made;
};
const addressOf = (made: INestApplication) =>
  `http://127.0.0.1:${((made.getHttpServer() as Server).address() as AddressInfo).port}`;

beforeAll(async () => {
  mkdirSync(join(site, 'assets'));
  writeFileSync(join(site, 'index.html'), '<!doctype html><title>The page</title>');
  writeFileSync(join(site, 'theme.js'), '// theme');
  writeFileSync(join(site, 'assets/index-abc.js'), '// script');
  app = await listening(site);
  address = addressOf(app);
});
afterAll(async () => {
  await app.close();
  rmSync(site, { recursive: true, force: true });
});

describe('the API over plain HTTP', () => {
  it.each(['/', '/stations/CP%2F1', '/transactions', '/frames/0abc-1/7?asOf=g0.1', '/findings'])(
    'serves the page at %s, under a policy that lets nothing in or out',
    async (path) => {
      const response = await fetch(address + path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/html');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(await response.text()).toContain('The page');
    },
  );

  it('serves its files, those named by their content for ever, packed for who takes that', async () => {
    const script = await fetch(`${address}/assets/index-abc.js`);
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(script.headers.get('content-encoding')).toBe('gzip');
    expect(await script.text()).toBe('// script');
    const plain = await fetch(`${address}/theme.js`, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('cache-control')).toBe('no-cache');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe('// theme');
  });

  it.each([
    '/assets/none.js',
    '/assets/..%2Findex.html',
    '/assets/%2E%2E%2F%2E%2E%2Fpackage.json',
    '/else',
    '/page.js',
  ])('serves nothing at %s', async (path) => {
    expect((await fetch(address + path)).status).toBe(404);
  });

  it('says how the page is built where it is not', async () => {
    const bare = await listening(join(site, 'none'));
    const response = await fetch(addressOf(bare));
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ error: expect.stringContaining('npm start') as string });
    await bare.close();
  });

  it('lives while the store is away, and is not ready', async () => {
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    const response = await fetch(`${address}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 'not ready',
      reasons: [{ check: 'store', reason: 'the store is away' }],
    });
  });

  it('answers only for loopback names, so that no web page can ask through a visitor', async () => {
    const { request } = await import('node:http');
    const status = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        request(`${address}/healthz`, { headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .once('error', reject)
          .end();
      });
    expect(await status('evil.example')).toBe(421);
    expect(await status('127.0.0.1.evil.example')).toBe(421);
    expect(await status('localhost:4000')).toBe(200);
    expect(await status('[::1]:4000')).toBe(200);
  });

  it.each([
    ['a program', {}, 'connection_ack'],
    ['its own page', { origin: 'SELF' }, 'connection_ack'],
    ["somebody's page", { origin: 'https://evil.example' }, 4403],
    ['a sandboxed page', { origin: 'null' }, 4403],
    ['a name that resolves here', { host: 'evil.example', origin: 'http://evil.example' }, 4403],
  ] as const)('talks over a socket with %s as it should', async (_, headers, expected) => {
    const given = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value === 'SELF' ? address : value]),
    );
    const socket = new WebSocket(`${address.replace('http', 'ws')}/graphql`, {
      protocols: 'graphql-transport-ws',
      headers: given,
    });
    const answer = await new Promise<unknown>((resolve) => {
      socket.onopen = () => {
        socket.send('{"type":"connection_init"}');
      };
      socket.onmessage = ({ data }) => {
        resolve((JSON.parse(String(data)) as { type: string }).type);
      };
      socket.onclose = ({ code }) => {
        resolve(code);
      };
    });
    socket.close();
    expect(answer).toBe(expected);
  });
});
