import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { variableName } from '@chargeproof/config';
import { ACTIONS_16 } from '@chargeproof/ocpp';
import { Ledger, seeded, SimulatedStation, type StationProfile } from '@chargeproof/simulator';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type QueryProcess, startQueryProcess } from '../scenario/asking/query-process.ts';
import { strictStation } from './central-system/rpc.ts';
import { RunningCommand } from './cli/command.ts';
import { EVERY_ACTION } from './commands/every-action.ts';
import { connect, End } from './gateway/ends.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway/gateway-process.ts';
import { readEverything } from './gateway/recorded.ts';
import { until } from './gateway/until.ts';

const DATA = variableName('data', 'folder');
const folder = mkdtempSync(join(tmpdir(), 'chargeproof-commands-'));
const data = join(folder, 'data');
let gateway: GatewayProcess;
let api: QueryProcess;

const PROFILE: StationProfile = {
  identity: 'CP-1',
  vendor: 'Test',
  model: 'One',
  firmwareVersion: '1.0',
  connectors: 2,
  maxWatts: 22_000,
  supportedProfiles: [
    'Core',
    'FirmwareManagement',
    'LocalAuthListManagement',
    'Reservation',
    'SmartCharging',
    'RemoteTrigger',
  ],
  configuration: {
    AuthorizationCacheEnabled: 'true',
    HeartbeatInterval: '300',
    LocalAuthListEnabled: 'true',
    SupportedFeatureProfiles: 'Core',
  },
};

async function startGateway(): Promise<void> {
  const routes = join(folder, 'routes.json');
  writeFileSync(routes, '{"RELAYED": "ws://127.0.0.1:9/"}');
  gateway = await startGatewayProcess({
    [DATA]: data,
    [variableName('gateway', 'port')]: '0',
    [variableName('gateway', 'routes')]: routes,
  });
}
beforeAll(async () => {
  await startGateway();
  api = await startQueryProcess(data);
});
afterAll(async () => {
  await api.stop();
  await gateway.signal('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

type Command = {
  readonly id: string;
  readonly state: string;
  readonly accepted: boolean | null;
  readonly why: string | null;
  readonly exchange: {
    readonly call: { readonly text: string };
    readonly answer: { readonly text: string } | null;
  } | null;
};

async function requested(station: string, action: string, payload: object, more = ''): Promise<string> {
  const question = `mutation ($payload: JSON!) { requestCommand(input: { station: "${station}", action: "${action}",
    payload: $payload, actor: "test" ${more} }) { id } }`;
  const { requestCommand } = await api.ask<{ requestCommand: { id: string } }>(question, { payload });
  return requestCommand.id;
}

const FIELDS = 'id state accepted why exchange { call { text } answer { text } }';
const WAITS = new Set(['REQUESTED', 'SENT']);
const HEARD = new Set(['ANSWERED', 'ERROR']);
function ended(id: string): Promise<Command> {
  return vi.waitUntil(
    async () => {
      const { command } = await api.ask<{ command: Command | null }>(
        `{ command(id: "${id}") { ${FIELDS} } }`,
      );
      if (command === null || WAITS.has(command.state)) return false;
      // The answer's frame is folded beside the decisions.
      return !HEARD.has(command.state) || command.exchange?.answer ? command : false;
    },
    { timeout: 30_000, interval: 100 },
  );
}

const done = async (...asked: Parameters<typeof requested>) => ended(await requested(...asked));
const cli = (...args: string[]) => new RunningCommand(['command', ...args, '--data', data]).finished;

it('a station of OCPP 2.0.1 is asked in its own words, and refused what is of another version', async () => {
  const station = await strictStation(`${gateway.address}/ocpp`, 'CP-201', { protocols: ['ocpp2.0.1'] });
  const attributeStatus = 'Accepted';
  const variable = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } };
  station.handle('GetVariables', () =>
    Promise.resolve({ getVariableResult: [{ ...variable, attributeStatus, attributeValue: '300' }] }),
  );
  station.handle('RequestStartTransaction', () => Promise.resolve({ status: 'Rejected' }));
  const inItsOwn = 'protocol: "ocpp2.0.1"';
  const read = await done('CP-201', 'GetVariables', { getVariableData: [variable] }, inItsOwn);
  expect(read).toMatchObject({ state: 'ANSWERED', accepted: true });
  expect(read.exchange?.answer?.text).toContain('"attributeValue":"300"');
  const start = { remoteStartId: 1, idToken: { idToken: 'TAG-4711', type: 'ISO14443' } };
  const refused = await cli(
    'CP-201',
    'RequestStartTransaction',
    JSON.stringify(start),
    '--protocol',
    'ocpp2.0.1',
  );
  expect(refused).toMatchObject({ code: 1, stderr: '' });
  expect(refused.stdout).toContain('"Rejected"');
  expect(await done('CP-201', 'ClearCache', {})).toMatchObject({
    state: 'REFUSED',
    why: 'station-speaks-ocpp2.0.1',
  });
  await station.close({});
});

describe('a simulated station', () => {
  let station: SimulatedStation;
  beforeAll(async () => {
    station = new SimulatedStation({
      profile: PROFILE,
      url: `${gateway.address}/ocpp`,
      ledger: new Ledger(),
      random: seeded('commands'),
      now: Date.now,
      pause,
    });
    await station.connect();
  });
  afterAll(() => station.disconnect());

  it('is asked for everything that a central system may ask, and each answer is told with its frames', async () => {
    expect(EVERY_ACTION.map(([action]) => action).toSorted()).toEqual(
      [...ACTIONS_16].flatMap(([action, goes]) => (goes === 'station-to-csms' ? [] : [action])).toSorted(),
    );
    // All at once: the station is asked one at a time.
    const asked = new Map<string, string>();
    for (const [action, payload] of EVERY_ACTION)
      asked.set(await requested('CP-1', action, payload, 'expiresSeconds: 300'), action);
    const became: string[] = [];
    for (const [id, action] of asked) {
      const { state, accepted, exchange } = await ended(id);
      became.push(`${action} ${state} ${String(accepted)}`);
      expect(exchange?.call.text).toContain(`"${action}"`);
      expect(exchange?.answer?.text).toContain(id);
    }
    await station.attend();
    expect(became).toEqual(EVERY_ACTION.map(([action, , expected]) => `${action} ${expected ?? ''}`));
  });

  it('starts and stops a transaction from afar', async () => {
    await done('CP-1', 'RemoteStartTransaction', { connectorId: 1, idTag: 'TAG-4711' });
    await station.attend();
    const transactionId = station.connector(1).charging?.truth.transactionId;
    expect(transactionId).toBeGreaterThan(0);
    expect(await done('CP-1', 'RemoteStopTransaction', { transactionId })).toMatchObject({ accepted: true });
    await station.attend();
    expect(station.connector(1).charging).toBeUndefined();
  });

  it('is commanded from the command line, which ends with 0 where it does what it is asked', async () => {
    const yes = await cli('CP-1', 'UnlockConnector', '{"connectorId": 2}', '--actor', 'somebody');
    expect(yes).toMatchObject({ code: 0, stderr: '' });
    expect(yes.stdout).toContain('CP-1 UnlockConnector was answered: {"status":"Unlocked"}');
    const no = await cli('CP-1', 'RemoteStopTransaction', '{"transactionId": 4711}', '--json');
    expect(no.code).toBe(1);
    expect(JSON.parse(no.stdout)).toMatchObject({ accepted: false, answer: { status: 'Rejected' } });
    expect(await cli('CP-1', 'ClearCache', '--no-wait', '--id', 'mine')).toMatchObject({ code: 0 });
    expect(await ended('mine')).toMatchObject({ state: 'ANSWERED' });
    const wrong = await cli('CP-1', 'Reset', '{"type": "Soon"}');
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toBe('payload.type is one of Hard, Soft\n');
  });

  it.each([
    [['command', 'CP-1'], 2, 'command takes a station'],
    [['command', 'CP-1', 'Reset', '{'], 2, 'the payload is a JSON object'],
    [['command', 'CP-1', 'Reset', '{}', '--expires', 'soon'], 2, '--expires takes seconds'],
    [['command', 'a/b/c', 'Reset', '{}'], 2, 'is no [tenant/]station'],
  ])('is not commanded by %j', async (args, code, said) => {
    const told = await new RunningCommand(args).finished;
    expect(told).toMatchObject({ code, stdout: '' });
    expect(told.stderr).toContain(said);
  });
});

it('a command to a station that is not there expires, and to a relayed one is refused', async () => {
  const [absent, relayed] = await Promise.all([
    done('NOWHERE', 'ClearCache', {}, 'expiresSeconds: 1'),
    done('RELAYED', 'ClearCache', {}),
  ]);
  expect(absent).toMatchObject({ state: 'EXPIRED', why: 'not-connected', exchange: null });
  expect(relayed).toMatchObject({ state: 'REFUSED', why: 'relayed', exchange: null });
  expect(await cli('RELAYED', 'ClearCache')).toMatchObject({ code: 1 });
});

it('a command whose gateway is killed before its answer is unknown, and never sent again', async () => {
  const texts: string[] = [];
  const open = async () => {
    const end = await connect(`${gateway.address}/ocpp/MUTE`, ['ocpp1.6']);
    if (!(end instanceof End)) throw new Error(end.reason);
    end.socket.on('message', (bytes) => texts.push((bytes as Buffer).toString()));
  };
  await open();
  const id = await requested('MUTE', 'Reset', { type: 'Soft' });
  // Long enough for the kill to come first, on a machine under load, too.
  const next = await requested('MUTE', 'ClearCache', {}, 'expiresSeconds: 10');
  await until(() => texts.length === 1);
  await gateway.signal('SIGKILL');
  await startGateway();
  await open();
  // The CALL's frame is folded beside the decisions.
  await expect
    .poll(() => ended(id), { timeout: 30_000 })
    .toMatchObject({
      state: 'UNKNOWN',
      why: 'recorder-died',
      exchange: { call: { text: texts[0] }, answer: null },
    });
  // What was asked of the gateway that died is not done by the next.
  expect(await ended(next)).toMatchObject({ state: 'EXPIRED', why: 'asked-before-start' });
  const after = await requested('MUTE', 'Reset', { type: 'Hard' });
  await until(() => texts.length === 2);
  expect(texts[1]).toContain(after);
});

it('no tag and no key of a command stands anywhere in the log in clear', async () => {
  const records = [...(await readEverything(data)), ...(await readEverything(data, 'platform.decisions'))];
  const all = records.map(({ value }) => Buffer.from(value).toString()).join('\n');
  expect(all).toContain('RemoteStartTransaction');
  expect(all).not.toMatch(/TAG-|0a1b2c3d4e5f6071/);
});
