import {
  commandRecord,
  type CommandEnded,
  type CommandType,
  type LoggedRecord,
  type Payloads,
  readPayload,
  unseal,
  writePayload,
} from '@chargeproof/record';
import type { AddressInfo, Server } from 'node:net';
import type { Store } from '@chargeproof/tables';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiModule } from '../api.module.ts';
import { CannotDecide } from '../deciding/decision-log.ts';
import { type ApiUnderTest, KEYS, startApi } from '../testing/api-under-test.ts';

const REQUESTED = 'platform.command-requested.v1';
const REQUEST = `mutation ($input: RequestCommandInput!) { requestCommand(input: $input) {
  id tenant station protocol action payload actor reason state accepted why requestedAt expiresAt exchange { id } readAt
} }`;
const STATES = `query ($filter: CommandFilter, $asOf: String) { commands(filter: $filter, asOf: $asOf) {
  totalCount readAt nodes { id state why }
} }`;
type Command = Record<string, unknown> & { readonly id: string };
type Listed = {
  readonly commands: {
    readonly totalCount: string;
    readonly readAt: string;
    readonly nodes: readonly Record<'id' | 'state' | 'why', string | null>[];
  };
};

let api: ApiUnderTest;
beforeAll(async () => (api = await startApi()));
afterAll(() => api.close());

const request = (input: object, headers?: Record<string, string>) =>
  api.ask<{ requestCommand: Command }>(REQUEST, { input: { actor: 'ops', ...input } }, headers);
async function requested(input: object): Promise<Command> {
  const { data, errors } = await request(input);
  if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.requestCommand;
}
async function listed(filter: object, asOf?: string): Promise<Listed['commands']> {
  const { data } = await api.ask<Listed>(STATES, { filter, asOf });
  return data!.commands;
}
const decided = (): Promise<readonly LoggedRecord[]> =>
  api.log.read({ topic: 'platform.decisions', from: new Map(), maxRecords: 1000, maxBytes: 1e7 });

/** What a gateway says. */
const say = <Type extends CommandType>(
  type: Type,
  station: string,
  payload: Payloads[Type],
  source = 'run',
) =>
  api.decide([
    {
      ...commandRecord(type, {
        subject: { tenant: 'default', station },
        command: payload.command,
        source,
        time: 1,
      }),
      value: writePayload(type, payload),
    },
  ]);
const claim = (station: string, command: string) =>
  say('platform.command-sent.v1', station, { command, run: 'run', connection: 'c', messageId: command });
const end = (station: string, ended: CommandEnded, source?: string) =>
  say('platform.command-ended.v1', station, ended, source);

describe('a command', () => {
  it('becomes a decision, its tags sealed, and is given back as it was asked for', async () => {
    const payload = { connectorId: 1, idTag: 'TAG-4711' };
    const command = await requested({
      station: 'A',
      action: 'RemoteStartTransaction',
      payload,
      reason: 'a call',
      expiresSeconds: 60,
    });
    expect(command).toMatchObject({
      tenant: 'default',
      station: 'A',
      actor: 'ops',
      reason: 'a call',
      state: 'REQUESTED',
      accepted: null,
      exchange: null,
      payload: { connectorId: 1, idTag: expect.stringMatching(/^~/) as string },
    });
    const record = (await decided()).at(-1)!;
    expect(Buffer.from(record.value).toString()).not.toContain('TAG-4711');
    const opened = readPayload(REQUESTED, unseal(record.value, record.attributes.sealed!, KEYS));
    expect(opened).toMatchObject({ command: command.id, action: 'RemoteStartTransaction', payload });
    expect(opened.expires - record.attributes.time).toBe(60_000_000);
  });

  it('is of a version of OCPP, and its payload by the schema of that', async () => {
    const ofVersion = (more: object) =>
      requested({ id: 'v', station: 'V', action: 'Reset', protocol: 'ocpp2.0.1', ...more });
    expect(await ofVersion({ payload: { type: 'OnIdle' } })).toMatchObject({ protocol: 'ocpp2.0.1' });
    expect(readPayload(REQUESTED, (await decided()).at(-1)!.value)).toMatchObject({ protocol: 'ocpp2.0.1' });
    expect(await requested({ station: 'V', action: 'ClearCache' })).toMatchObject({ protocol: 'ocpp1.6' });
  });

  it('that sends a local list of the policy is kept without the list, and its version is when it was asked for', async () => {
    const input = { id: 'list-1', station: 'L', action: 'SendLocalList', fromPolicy: true };
    const { payload } = await requested(input);
    const seconds = Math.floor(Date.now() / 1000) - Date.UTC(2025, 0, 1) / 1000;
    expect(payload).toEqual({ updateType: 'Full', listVersion: expect.closeTo(seconds, -2) as number });
    expect(readPayload(REQUESTED, (await decided()).at(-1)!.value)).toMatchObject({ fromPolicy: {} });
    const count = (await decided()).length;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await requested(input)).id).toBe('list-1');
    expect((await decided()).length).toBe(count);
  });

  it('that is asked for twice under one id is one, and another under that id is refused', async () => {
    const input = { id: 'mine-1', station: 'B', action: 'ClearCache' };
    const first = await requested(input);
    const count = (await decided()).length;
    expect(await requested({ ...input, actor: 'somebody else', expiresSeconds: 90 })).toEqual({
      ...first,
      requestedAt: expect.any(String) as string,
      readAt: expect.any(String) as string,
    });
    expect((await request({ ...input, action: 'Reset', payload: { type: 'Soft' } })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: 'input.id' } },
    ]);
    expect((await decided()).length).toBe(count);
  });

  it.each([
    [{ action: 'Reset' }, 'input.payload.type', 'is missing'],
    [{ action: 'Reset', payload: { type: 'Soon' } }, 'input.payload.type', 'Hard, Soft'],
    [{ action: 'Reset', payload: [] }, 'input.payload', 'an object'],
    [{ action: 'Heartbeat' }, 'input.action', 'RemoteStartTransaction'],
    [{ action: 'reset', payload: { type: 'Soft' } }, 'input.action', 'Reset'],
    [{ action: 'ClearCache', id: 'a/b' }, 'input.id', '1 to 36'],
    [{ action: 'ClearCache', id: 'x'.repeat(37) }, 'input.id', '1 to 36'],
    [{ action: 'ClearCache', expiresSeconds: 0 }, 'input.expiresSeconds', '1 to 3600'],
    [{ action: 'ClearCache', actor: ' ' }, 'input.actor', '1 to 255'],
    [{ action: 'ClearCache', station: '' }, 'input.station', '1 to 255'],
    [{ action: 'ClearCache', protocol: 'ocpp2.1' }, 'input.protocol', 'ocpp1.6, ocpp2.0.1'],
    [{ action: 'RemoteStopTransaction', protocol: 'ocpp2.0.1' }, 'input.action', 'RequestStopTransaction'],
    [{ action: 'Reset', protocol: 'ocpp2.0.1', payload: { type: 'Hard' } }, 'input.payload.type', 'OnIdle'],
    [{ action: 'ClearCache', fromPolicy: true }, 'input.fromPolicy', 'SendLocalList'],
    [
      { action: 'SendLocalList', fromPolicy: true, payload: { localAuthorizationList: [] } },
      'input.payload.localAuthorizationList',
      'leave it out',
    ],
    [
      { action: 'SendLocalList', fromPolicy: true, payload: { updateType: 'Differential' } },
      'input.payload.updateType',
      'is Full',
    ],
  ])('as %j is refused, and names %s', async (input, argument, fix) => {
    const count = (await decided()).length;
    const { errors } = await request({ station: 'A', ...input });
    expect(errors).toMatchObject([
      { message: expect.stringContaining(fix) as string, extensions: { code: 'BAD_USER_INPUT', argument } },
    ]);
    expect((await decided()).length).toBe(count);
  });

  it('stands as its records say, whoever wrote them, and then as it was known', async () => {
    for (const id of ['s1', 's2', 's3', 's4', 's5'])
      await requested({ id, station: 'S', action: 'ClearCache' });
    await claim('S', 's2');
    await claim('S', 's3');
    await claim('S', 's5');
    await end('S', { command: 's3', outcome: 'unanswered' });
    await end('S', { command: 's4', outcome: 'refused', reason: 'relayed' });
    const { readAt } = await listed({ station: ['S'] });
    await claim('S', 's4');
    await end('S', { command: 's2', outcome: 'expired' }, 'another run');
    await end('S', { command: 's5', outcome: 'unknown', reason: 'nobody-told' }, 'another run');
    const states = async (asOf?: string) =>
      (await listed({ station: ['S'] }, asOf)).nodes.map(({ id, state, why }) => [id, state, why].join(' '));
    expect(await states()).toEqual([
      's5 UNKNOWN nobody-told',
      's4 REFUSED relayed',
      's3 UNANSWERED ',
      's2 SENT ',
      's1 REQUESTED ',
    ]);
    expect((await states(readAt))[0]).toBe('s5 SENT ');
    await end('S', { command: 's5', outcome: 'answered' });
    expect((await states())[0]).toBe('s5 ANSWERED ');
    expect(await states('2020-01-01T00:00:00Z')).toEqual([]);
  });

  it('is found by whoever asked, its action and its id, page by page', async () => {
    for (const id of ['p1', 'p2', 'p3'])
      await requested({ id, station: 'P', action: 'ClearCache', actor: 'pat' });
    expect(await listed({ actor: ['pat'], action: ['ClearCache'] })).toMatchObject({ totalCount: '3' });
    expect(await listed({ actor: ['pat'], action: ['Reset'] })).toMatchObject({ totalCount: '0', nodes: [] });
    expect(await listed({ tenant: 'other', station: ['P'] })).toMatchObject({ nodes: [] });
    const page = `query ($after: String) { commands(filter: { station: ["P"] }, first: 2, after: $after) {
      edges { node { id } } pageInfo { hasNextPage endCursor } } }`;
    type Pages = {
      commands: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    };
    const { commands } = (await api.ask<Pages>(page)).data!;
    expect(commands.edges.map(({ node }) => node.id)).toEqual(['p3', 'p2']);
    const rest = (await api.ask<Pages>(page, { after: commands.pageInfo.endCursor })).data!.commands;
    expect(rest).toMatchObject({ edges: [{ node: { id: 'p1' } }], pageInfo: { hasNextPage: false } });
    const one = await api.ask('{ known: command(id: "p2") { station } not: command(id: "zzz") { station } }');
    expect(one.data).toEqual({ known: { station: 'P' }, not: null });
  });
});

describe('who may command a station', () => {
  const input = { id: 'web', station: 'W', action: 'ClearCache' };
  const host = () => new URL(api.address).host;

  it.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
  ])('a page of another site may not: %j', async (headers) => {
    const { errors } = await request(input, headers);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('a form may not, nor a link, nor a socket', async () => {
    const query =
      'mutation { requestCommand(input: { station: "W", action: "ClearCache", actor: "x" }) { id } }';
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const body = type === 'text/plain' ? JSON.stringify({ query }) : new URLSearchParams({ query });
      const headers = { 'content-type': type };
      const response = await fetch(`${api.address}/graphql`, { method: 'POST', headers, body });
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
    const link = await fetch(`${api.address}/graphql?query=${encodeURIComponent(query)}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(link.status).toBeGreaterThanOrEqual(400);
    const socket = new WebSocket(`${api.address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const said = await new Promise<string>((resolve) => {
      socket.onopen = () => {
        socket.send('{"type":"connection_init"}');
      };
      socket.onmessage = ({ data }) => {
        const text = String(data);
        if (text.includes('connection_ack'))
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
        else resolve(text);
      };
    });
    socket.close();
    expect(said).toContain('FORBIDDEN');
    expect(await listed({ station: ['W'] })).toMatchObject({ totalCount: '0' });
  });

  it('our own page may', async () => {
    const headers = { origin: `http://${host()}`, 'sec-fetch-site': 'same-origin' };
    expect((await request(input, headers)).errors).toBeUndefined();
  });
});

describe('where nothing can be decided', () => {
  it.each([
    [{ loopbackOnly: false }, 'FORBIDDEN', 'CHARGEPROOF_API_TOKEN'],
    [{ decisions: undefined }, 'UNAVAILABLE', 'nothing was decided'],
    [
      {
        decisions: {
          keys: () => Promise.reject(new CannotDecide('the key file is missing')),
          append: () => Promise.resolve(),
          close: () => Promise.resolve(),
        },
      },
      'UNAVAILABLE',
      'nothing was decided: the key file is missing',
    ],
  ])('that is said: %j', async (parts, code, message) => {
    const store = { select: () => Promise.resolve([]) } as unknown as Store;
    const app = await NestFactory.create(ApiModule.with({ store, loopbackOnly: true, ...parts }), {
      logger: false,
    });
    await app.listen(0, '127.0.0.1');
    const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
    const query =
      'mutation { requestCommand(input: { station: "W", action: "ClearCache", actor: "x" }) { id } }';
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { errors } = (await response.json()) as { errors: unknown };
    await app.close();
    expect(errors).toMatchObject([
      { message: expect.stringContaining(message) as string, extensions: { code } },
    ]);
  });
});
