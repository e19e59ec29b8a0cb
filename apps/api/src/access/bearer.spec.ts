import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiTagsToken, apiToken } from '@chargeproof/config';
import { operations } from '@chargeproof/operations';
import type { Store } from '@chargeproof/tables';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiModule } from '../api.module.ts';
import { isOfPage } from '../page/urls.ts';
import { queryOperations } from '../operations/query-operations.ts';
import { RequestCounts } from '../operations/request-counts.ts';
import { bearersOnly, mayAsk, maySeeTags } from './bearer.ts';

const ACCESS = { token: 'the token of this API', ownerToken: 'of-the-owner', tagsToken: 'of-who-sees-tags' };
const token = ACCESS.token.replaceAll(' ', '-');
const access = { ...ACCESS, token };
const nothing = { select: () => Promise.resolve([]) } as unknown as Store;
let app: INestApplication;
let address: string;

beforeAll(async () => {
  app = await NestFactory.create(ApiModule.with({ store: nothing, loopbackOnly: true, access }), {
    logger: false,
  });
  app.use(operations(queryOperations({ store: nothing, access, counts: new RequestCounts() })));
  app.use(bearersOnly(access));
  await app.listen(0, '127.0.0.1');
  address = `http://127.0.0.1:${((app.getHttpServer() as Server).address() as AddressInfo).port}`;
});
afterAll(() => app.close());

const post = (authorization?: string) =>
  fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: '{"query":"{ __typename }"}',
  });

describe('an API with a token', () => {
  it.each([undefined, 'Bearer', `Basic ${token}`, `Bearer ${token}x`, `Bearer ${token.slice(1)}`])(
    'refuses %s, and says what to send',
    async (authorization) => {
      const response = await post(authorization);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(((await response.json()) as { error: string }).error).toContain('Authorization: Bearer TOKEN');
    },
  );

  it('answers who shows it, and the owner of the folder', async () => {
    expect((await post(`Bearer ${token}`)).status).toBe(200);
    expect((await post(`bearer ${access.ownerToken}`)).status).toBe(200);
  });

  it('answers who may see tags, and shows them to nobody else', async () => {
    expect((await post(`Bearer ${access.tagsToken}`)).status).toBe(200);
    expect(maySeeTags(access, `Bearer ${access.tagsToken}`)).toBe(true);
    for (const other of [
      undefined,
      'Bearer',
      `Bearer ${token}`,
      `Bearer ${access.ownerToken}`,
      'Bearer undefined',
    ])
      for (const each of [access, { token }, {}]) expect(maySeeTags(each, other)).toBe(false);
  });

  it('takes the owner for one only from this machine', () => {
    const from = (remoteAddress: string) =>
      mayAsk(access, `Bearer ${access.ownerToken}`, { socket: { remoteAddress } as never });
    expect(from('::ffff:127.0.0.1')).toBe(true);
    expect(from('192.168.1.7')).toBe(false);
  });

  it('lets everybody see that it lives, and the page that asks for the token', async () => {
    for (const path of ['/healthz', '/', '/stations/CP-1', '/frames/a/1', '/assets/index-abc.js'])
      expect((await fetch(`${address}${path}`)).status).not.toBe(401);
    for (const path of ['/graphql/assets/x.js', '/assets/../graphql', '/page', '//graphql'])
      expect(isOfPage(path), path).toBe(false);
    expect((await fetch(`${address}/graphql?x=/healthz`)).status).toBe(401);
  });

  it.each([
    ['nothing', {}, 4403],
    ['the token', { authorization: `Bearer ${token}` }, 'connection_ack'],
    ['another', { authorization: 'Bearer somebody-elses-token' }, 4403],
  ])('lets in a socket that shows %s as it does a request', async (_, payload, expected) => {
    const socket = new WebSocket(`${address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const answer = await new Promise<unknown>((resolve) => {
      socket.onopen = () => {
        socket.send(JSON.stringify({ type: 'connection_init', payload }));
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

describe('the token', () => {
  it('is given itself or in a file, never both, and is no short word', () => {
    const folder = mkdtempSync(join(tmpdir(), 'chargeproof-token-'));
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, `${token}\n`);
    expect(apiToken({ tokenFile })).toBe(token);
    expect(apiToken({ token })).toBe(token);
    expect(apiToken({})).toBeUndefined();
    expect(() => apiToken({ token, tokenFile })).toThrow(/CHARGEPROOF_API_TOKEN_FILE are both set/);
    expect(apiTagsToken({ tagsTokenFile: tokenFile })).toBe(token);
    expect(() => apiTagsToken({ tagsToken: token, tagsTokenFile: tokenFile })).toThrow(
      /CHARGEPROOF_API_TAGS_TOKEN and CHARGEPROOF_API_TAGS_TOKEN_FILE are both set/,
    );
    writeFileSync(tokenFile, 'short');
    expect(() => apiToken({ tokenFile })).toThrow(/CHARGEPROOF_API_TOKEN_FILE.*holds no token/);
    rmSync(folder, { recursive: true });
    expect(() => apiToken({ tokenFile })).toThrow(/CHARGEPROOF_API_TOKEN_FILE.*cannot be read \(ENOENT\)/);
  });
});
