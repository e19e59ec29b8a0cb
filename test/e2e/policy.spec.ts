import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataLayout, variableName } from '@chargeproof/config';
import type { RPCClient } from 'ocpp-rpc';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type QueryProcess, startQueryProcess } from '../scenario/asking/query-process.ts';
import { strictStation } from './central-system/rpc.ts';
import { RunningCommand } from './cli/command.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway/gateway-process.ts';
import { readEverything } from './gateway/recorded.ts';
import { everythingIn, isFound } from './sealing/search.ts';

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-policy-'));
const data = join(folder, 'data');
const LOST = 'LOSTqZx7KwTAG';
const PARENT = 'HOUSEqZx7Kw';
const LISTED = 'LISTEDqZx7Kw';
let gateway: GatewayProcess;
let api: QueryProcess;
let station: RPCClient;
const said: (() => string)[] = [];

async function startGateway(): Promise<void> {
  gateway = await startGatewayProcess({
    [variableName('data', 'folder')]: data,
    [variableName('gateway', 'port')]: '0',
  });
  said.push(gateway.said);
  station = await strictStation(`${gateway.address}/ocpp`, 'CP-1');
}
beforeAll(async () => {
  await startGateway();
  api = await startQueryProcess(data);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const statusOf = async (idTag: string) => {
  const { idTagInfo } = (await station.call('Authorize', { idTag })) as { idTagInfo: Record<string, string> };
  return idTagInfo;
};
const boot = () =>
  station.call('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' }) as Promise<object>;
const becomes = (idTag: string, status: string) =>
  vi.waitFor(async () => {
    expect(await statusOf(idTag)).toMatchObject({ status });
  }, 30_000);
const cli = (...args: string[]) => new RunningCommand(['policy', ...args, '--data', data]).finished;

it('a tag that is blocked is blocked at once, and after the gateway was killed from its first message on', async () => {
  expect(await statusOf(LOST)).toEqual({ status: 'Accepted' });
  await api.ask('mutation ($input: SetIdTagInput!) { setIdTag(input: $input) { id } }', {
    input: { idTag: LOST, idTagInfo: { status: 'BLOCKED', parentIdTag: PARENT }, actor: 'desk' },
  });
  await becomes(LOST, 'Blocked');
  await gateway.signal('SIGKILL');
  await startGateway();
  expect(await statusOf(LOST.toLowerCase())).toEqual({ status: 'Blocked', parentIdTag: PARENT });
  expect(await statusOf('another')).toEqual({ status: 'Accepted' });
});

it('the command line decides of one, of a file’s and of the others, and lists what holds', async () => {
  const file = join(folder, 'tags.json');
  const listed = Array.from({ length: 300 }, (_, at) => [`${LISTED}${at}`, 'Accepted'] as const);
  writeFileSync(file, JSON.stringify({ others: 'Invalid', idTags: Object.fromEntries(listed) }));
  const replaced = await cli('tags', 'replace', file, '--json');
  expect([replaced.code, JSON.parse(replaced.stdout)]).toMatchObject([0, { idTags: 300, others: 'Invalid' }]);
  await becomes(LOST, 'Invalid');
  expect(await statusOf(`${LISTED}299`)).toEqual({ status: 'Accepted' });

  const set = await cli(
    'tags',
    'set',
    LOST,
    'blocked',
    '--expires',
    '2027-01-31T00:00:00Z',
    '--reason',
    'lost',
  );
  expect(set).toMatchObject({ code: 0, stderr: '' });
  expect(set.stdout).toMatch(/^~t[a-z2-7]{18}\tBlocked until 2027-01-31T\S+\tby .*: lost\n$/);
  await becomes(LOST, 'Blocked');
  const all = JSON.parse((await cli('tags', 'list', '--json')).stdout) as { nodes: object[]; others: object };
  expect(all.nodes).toHaveLength(301);
  expect(all.others).toMatchObject({ status: 'INVALID', source: 'DECISION' });
  expect((await cli('tags', 'remove', LOST)).stdout).toBe('nothing is decided of it any more\n');
  await becomes(LOST, 'Invalid');

  expect(await boot()).toMatchObject({ status: 'Accepted' });
  const pending = await cli('stations', 'set', 'CP-1', 'Pending', '--interval', '77', '--actor', 'desk');
  expect(pending.stdout).toBe('CP-1\tPending every 77 s\tby desk\n');
  await vi.waitFor(async () => {
    expect(await boot()).toMatchObject({ status: 'Pending', interval: 77 });
  }, 30_000);
});

it('a station’s local list is made of what holds, where the station takes as many', async () => {
  const lists: Record<string, unknown>[] = [];
  station.handle('SendLocalList', ({ params }) => {
    lists.push(params ?? {});
    return Promise.resolve({ status: 'Accepted' });
  });
  const limit = { key: 'SendLocalListMaxLength', readonly: true, value: '299' };
  station.handle('GetConfiguration', () => Promise.resolve({ configurationKey: [limit] }));
  const sends = () =>
    new RunningCommand(['command', 'CP-1', 'SendLocalList', '--from-policy', '--data', data]).finished;
  expect(await sends()).toMatchObject({ code: 0, stderr: '' });
  expect(lists).toMatchObject([{ updateType: 'Full', listVersion: expect.any(Number) as number }]);
  expect(lists[0]?.localAuthorizationList).toHaveLength(300);
  expect(lists[0]?.localAuthorizationList).toContainEqual({
    idTag: `${LISTED}0`,
    idTagInfo: { status: 'Accepted' },
  });
  await new RunningCommand(['command', 'CP-1', 'GetConfiguration', '--data', data]).finished;
  const refused = await sends();
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stdout).toContain('was not sent (the list holds more tags than the station takes)');
  expect(lists).toHaveLength(1);
});

it.each([
  [['tag', 'set', 'T'], 2, 'There are: policy tags list TAG… | tags set TAG STATUS'],
  [['tags', 'set', 'T'], 2, 'policy tags set takes TAG STATUS'],
  [['tags', 'set', 'T', 'Maybe'], 2, 'a tag is Accepted, Blocked, Expired, Invalid, not "Maybe"'],
  [['tags', 'set', 'T', 'Blocked', '--expires', 'soon'], 2, '--expires takes a time, as 2026-01-31'],
  [['stations', 'others', 'Open'], 2, 'a station is Accepted, Pending, Rejected, nothing, not "Open"'],
  [['tags', 'replace', '/nowhere'], 2, '/nowhere: there is no such file'],
])('%j decides nothing', async (args, code, fix) => {
  const told = await cli(...args);
  expect(told).toMatchObject({ code, stdout: '' });
  expect(told.stderr).toContain(fix);
});

it('no tag that was decided of stands in clear in anything that was left behind', async () => {
  await station.close({});
  await api.stop();
  await gateway.signal('SIGTERM');
  const decisions = await readEverything(data, 'platform.decisions');
  expect(decisions.length).toBeGreaterThan(5);
  expect(existsSync(dataLayout(data).policy)).toBe(true);
  const contents = Buffer.concat([
    await everythingIn(data),
    ...decisions.map(({ value }) => value),
    ...said.map((each) => Buffer.from(each())),
  ]);
  for (const secret of [LOST, PARENT, LISTED]) expect(isFound(contents, secret)).toBe(false);
  expect(isFound(contents, 'desk')).toBe(true);
});
