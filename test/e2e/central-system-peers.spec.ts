import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import type { RPCClient } from 'ocpp-rpc';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MESSAGES } from './central-system/messages.ts';
import { strictStation } from './central-system/rpc.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway/gateway-process.ts';
import { ofStation, payloadsOf, readEverything } from './gateway/recorded.ts';
import { until } from './gateway/until.ts';

/** One gateway for all: somebody else's chargers in strict mode, which take no answer that their schemas do not. */
let data: string;
let gateway: GatewayProcess;
const file = (name: string) => join(data, name);
const write = (name: string, json: unknown) => {
  writeFileSync(file(name), JSON.stringify(json));
};
const STATIONS = { others: 'Accepted', stations: { LATER: 'Pending', NEVER: 'Rejected' } };
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'chargeproof-peers-'));
  write('stations.json', STATIONS);
  write('tags.json', { others: 'Accepted', idTags: { BLOCKED: 'Blocked', ONE: 'Accepted' } });
  gateway = await startGatewayProcess({
    [variableName('data', 'folder')]: data,
    [variableName('gateway', 'port')]: '0',
    [variableName('runtime', 'logLevel')]: 'warn',
    [variableName('centralSystem', 'registration')]: file('stations.json'),
    [variableName('centralSystem', 'idTags')]: file('tags.json'),
    [variableName('centralSystem', 'readConfiguration')]: 'true',
  });
});
afterAll(async () => {
  await gateway.signal('SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

const PATIENCE = { timeout: 60_000, interval: 200 };
const PROTOCOLS = ['ocpp1.6', 'ocpp2.0.1'] as const;
const connect = (identity: string, ...protocols: readonly string[]) =>
  strictStation(`${gateway.address}/ocpp`, identity, { protocols: [...protocols] });

/** What comes back to a frame that no strict station would send. */
async function answerTo(station: RPCClient, frame: string): Promise<unknown[]> {
  const message = new Promise<string>((resolve) => {
    station.on('message', ({ message: text, outbound }: { message: unknown; outbound: boolean }) => {
      if (!outbound) resolve(String(text));
    });
  });
  station.sendRaw(frame);
  return JSON.parse(await message) as unknown[];
}

describe.each(PROTOCOLS)('a strict station of %s', (protocol) => {
  it('says everything once, and every answer is one that its schemas take', async () => {
    const station = await connect(`ALL ${protocol}`, protocol, 'ocpp2.1');
    expect(station.protocol).toBe(protocol);
    const answers: Record<string, unknown> = {};
    for (const [action, payload] of MESSAGES[protocol]) answers[action] = await station.call(action, payload);
    await station.close({});
    expect(answers).toMatchObject({
      BootNotification: { status: 'Accepted', interval: 300 },
      DataTransfer: { status: 'UnknownVendorId' },
      StatusNotification: {},
      MeterValues: {},
    });
  });
});

it.each([
  ['ocpp1.6', '[2,"x","Dance",{}]', 'x', 'NotImplemented'],
  ['ocpp1.6', '[2,"x","Heartbeat",[]]', 'x', 'FormationViolation'],
  ['ocpp1.6', '[2,"x","Authorize",{"idTag":', 'x', 'FormationViolation'],
  ['ocpp1.6', '[2,"x","Authorize",{}]', 'x', 'OccurenceConstraintViolation'],
  ['ocpp1.6', '[2,"x","Authorize",{"idTag":1}]', 'x', 'TypeConstraintViolation'],
  ['ocpp2.0.1', '[2,"x","StartTransaction",{}]', 'x', 'NotImplemented'],
  ['ocpp2.0.1', '[2,"x","Heartbeat",[]]', 'x', 'FormatViolation'],
  ['ocpp2.0.1', '[2,"x","Authorize",{"idToken":', 'x', 'RpcFrameworkError'],
  ['ocpp2.0.1', '[2,7,"Heartbeat"', '7', 'RpcFrameworkError'],
  ['ocpp2.0.1', 'hello', '-1', 'RpcFrameworkError'],
  ['ocpp2.0.1', '[2,"x","Authorize",{}]', 'x', 'OccurrenceConstraintViolation'],
  ['ocpp2.0.1', '[2,"x","Authorize",{"idToken":"TAG"}]', 'x', 'TypeConstraintViolation'],
])('of %s, %s is answered for %s with %s', async (protocol, frame, id, code) => {
  const station = await connect('ODD', protocol);
  expect(await answerTo(station, frame)).toEqual([4, id, code, expect.any(String), {}]);
  await station.close({});
});

it.each(PROTOCOLS)('who may boot and charge is what the files say, on %s as well', async (protocol) => {
  const [[, boot] = [], [, status] = []] = ['BootNotification', 'StatusNotification'].map((action) =>
    MESSAGES[protocol].find(([name]) => name === action),
  );
  const station = await connect('NEVER', protocol);
  await expect(station.call('BootNotification', boot)).resolves.toMatchObject({
    status: 'Rejected',
    interval: 60,
  });
  await expect(station.call('StatusNotification', status)).rejects.toMatchObject({
    rpcErrorCode: 'SecurityError',
  });
  const tag = (text: string) =>
    protocol === 'ocpp1.6' ? { idTag: text } : { idToken: { idToken: text, type: 'ISO14443' } };
  const authorized = (of: RPCClient, text: string) => of.call('Authorize', tag(text));
  await expect(authorized(station, 'ONE')).rejects.toMatchObject({ rpcErrorCode: 'SecurityError' });
  await station.close({});
  const other = await connect('OTHER', protocol);
  const info = protocol === 'ocpp1.6' ? 'idTagInfo' : 'idTokenInfo';
  await expect(authorized(other, 'blocked')).resolves.toEqual({ [info]: { status: 'Blocked' } });
  await expect(authorized(other, 'one')).resolves.toEqual({ [info]: { status: 'Accepted' } });
  await other.close({});
});

it('a changed file holds from the next message on, one that cannot be read changes nothing, and then its configuration is read, once', async () => {
  const station = await connect('LATER', 'ocpp1.6');
  const asked: unknown[] = [];
  station.handle('GetConfiguration', ({ params }) => {
    asked.push(params);
    return Promise.resolve({
      configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }],
    });
  });
  const boots = () => station.call('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
  await expect(boots()).resolves.toMatchObject({ status: 'Pending' });
  await expect(station.call('Heartbeat', {})).rejects.toMatchObject({ rpcErrorCode: 'SecurityError' });
  writeFileSync(file('stations.json'), '{"stations": {"LATER": "Accep');
  await expect(boots()).resolves.toMatchObject({ status: 'Pending' });
  await until(() => gateway.said().includes('what was read before goes on to hold'));
  expect(asked).toEqual([]);
  write('stations.json', { ...STATIONS, stations: { LATER: 'accepted' } });
  await expect(boots()).resolves.toMatchObject({ status: 'Accepted' });
  const decided = await vi.waitFor(async () => {
    const records = ofStation(await readEverything(data, 'platform.decisions'), 'LATER');
    expect(payloadsOf(records, 'platform.command-ended.v1')).toMatchObject([{ outcome: 'answered' }]);
    return records;
  }, PATIENCE);
  expect(payloadsOf(decided, 'platform.command-requested.v1')).toMatchObject([
    { action: 'GetConfiguration', actor: 'chargeproof', payload: {} },
  ]);
  expect(asked).toEqual([{}]);
  await station.close({});
});

it('a gateway whose file cannot be used does not start: one line says why, and no tag', async () => {
  write('bad.json', { idTags: { SECRET: { expiryDate: 'soon' } } });
  const variable = variableName('centralSystem', 'idTags');
  const starting = startGatewayProcess({
    [variableName('data', 'folder')]: file('elsewhere'),
    [variableName('gateway', 'port')]: '0',
    [variable]: file('bad.json'),
  });
  const said = await starting.then(String, (error: unknown) => String(error));
  expect(said).toContain(`${variable}: ${file('bad.json')}: entry 1 of idTags: expiryDate is a time`);
  expect(said).not.toContain('SECRET');
});
