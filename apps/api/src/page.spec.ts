import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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

beforeAll(async () => {
  app = await NestFactory.create(ApiModule.with({ store: broken, loopbackOnly: true }), { logger: false });
  app.use(loopbackHostsOnly);
  app.use(operations(queryOperations({ store: broken, access: {}, counts: new RequestCounts() })));
  await app.listen(0, '127.0.0.1');
  address = `http://127.0.0.1:${((app.getHttpServer() as Server).address() as AddressInfo).port}`;
});
afterAll(() => app.close());

describe('the API over plain HTTP', () => {
  it('serves a page that loads and sends nothing elsewhere', async () => {
    const response = await fetch(address);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    const html = await response.text();
    for (const [, file = ''] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect((await fetch(`${address}/${file}`)).status, file).toBe(200);
    }
    expect(html).not.toMatch(/https?:\/\//);
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
