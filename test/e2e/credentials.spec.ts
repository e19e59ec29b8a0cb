import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { childEnvironment, variableName } from '@chargeproof/config';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { strictStation } from './central-system/rpc.ts';
import { RunningCommand } from './cli/command.ts';
import { connect, End } from './gateway/ends.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway/gateway-process.ts';
import { payloadsOf, readEverything } from './gateway/recorded.ts';

let folder: string;
let file: string;
const started: GatewayProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargeproof-credentials-'));
  file = join(folder, 'stations');
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((gateway) => gateway.signal('SIGKILL')));
  rmSync(folder, { recursive: true, force: true });
});

const CREDENTIALS = variableName('gateway', 'credentials');
const credentials = (...args: string[]) =>
  new RunningCommand(['credentials', ...args], { [CREDENTIALS]: file }).finished;
const add = async (...args: string[]) => (await credentials('add', ...args)).stdout.trim();

async function start(settings: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess({
    [variableName('data', 'folder')]: join(folder, 'data'),
    [variableName('gateway', 'port')]: '0',
    [variableName('runtime', 'logLevel')]: 'warn',
    [CREDENTIALS]: file,
    ...settings,
  });
  started.push(gateway);
  return gateway;
}

async function outcome(
  gateway: GatewayProcess,
  name: string,
  password?: Uint8Array | string,
): Promise<string> {
  const pair = Buffer.concat([Buffer.from(`${name}:`), Buffer.from(password ?? '')]);
  const headers = password === undefined ? {} : { Authorization: `Basic ${pair.toString('base64')}` };
  const end = await connect(`${gateway.address}/ocpp/${name}`, ['ocpp1.6'], { headers });
  if (!(end instanceof End)) return `${end.status} ${end.reason}`;
  end.socket.terminate();
  return 'open';
}

describe('npx chargeproof credentials', () => {
  it('makes a key of 20 bytes, shows it once, and keeps its hash for the owner alone', async () => {
    const { code, stdout, stderr } = await credentials('add', 'CP-1');
    expect(code).toBe(0);
    const key = stdout.trim();
    expect(stdout).toMatch(/^[0-9a-f]{40}\n$/);
    expect(stderr).not.toContain(key);
    expect(readFileSync(file, 'utf8')).toMatch(/^CP-1:scrypt\$[^:\n]+\n$/);
    expect(readFileSync(file, 'utf8')).not.toContain(key);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await credentials('add', 'CP-2', '--profile', '3')).toMatchObject({ code: 0, stdout: '' });
    expect((await credentials('list')).stdout).toBe('CP-1\nCP-2\tprofile 3\n');
    expect(await credentials('remove', 'CP-2')).toMatchObject({ code: 0, stdout: '' });
    expect(await credentials('remove', 'CP-1')).toMatchObject({ code: 0, stdout: '' });
    expect(await credentials('remove', 'CP-1')).toMatchObject({ code: 1 });
    expect((await credentials('list')).stdout).toBe('');
  });

  it.each([
    [['add'], 'Name the station'],
    [['add', 'a/b/c'], '"a/b/c" is no [tenant/]station'],
    [['add', 'a%0Ab'], 'No station can connect as "a%0Ab"'],
    [['add', '..'], 'No station can connect as ".."'],
    [['add', 'CP-1', '--key', '123'], '--key takes 32 to 40 hex digits'],
    [['add', 'CP-1', '--password'], '--password reads a password from stdin'],
    [['add', 'CP-1', '--profile', '0'], '--profile takes 1 (a key)'],
    [['add', 'CP-1', '--profile', '3', '--password'], 'A station of --profile 3 shows its certificate'],
    [['forget', 'CP-1'], 'There are: credentials add STATION'],
    [['list', '--file', '/nowhere'], '/nowhere: there is no such file; credentials add STATION makes it'],
    [['add', 'CP-1', 'CP-2'], '"CP-2" is one too many'],
  ])('%j is refused in one line', async (args, message) => {
    const { code, stderr, stdout } = await credentials(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trim()).not.toContain('\n');
  });

  it('without a file asks for its name', async () => {
    const { code, stderr } = await new RunningCommand(['credentials', 'list']).finished;
    expect(code).toBe(2);
    expect(stderr).toBe(`Name the file: --file FILE, or ${CREDENTIALS}.\n`);
  });
});

describe('the gateway with credentials', () => {
  it('lets a station in by the bytes of its key, by its hex digits, by its password, and no other', async () => {
    const key = await add('CP-1');
    const given = 'FF00a0'.repeat(6);
    expect(await add('CP-2', '--key', given)).toBe('');
    await addWithPassword('CP-3', 'pässwörd');
    const gateway = await start();
    expect(await outcome(gateway, 'CP-1', Buffer.from(key, 'hex'))).toBe('open');
    expect(await outcome(gateway, 'CP-1', key)).toBe('open');
    expect(await outcome(gateway, 'CP-2', Buffer.from(given, 'hex'))).toBe('open');
    expect(await outcome(gateway, 'CP-2', given.toLowerCase())).toBe('open');
    expect(await outcome(gateway, 'CP-3', 'pässwörd')).toBe('open');
    expect(await outcome(gateway, 'CP-3', key)).toBe('401 credential-wrong');
    expect(await outcome(gateway, 'CP-1', given)).toBe('401 credential-wrong');
    expect(await outcome(gateway, 'CP-1')).toBe('401 credential-missing');
    expect(await outcome(gateway, 'CP-9', key)).toBe('404 unknown-station');
    const later = await add('CP-9');
    expect(await outcome(gateway, 'CP-9', later)).toBe('open');
    await credentials('remove', 'CP-9');
    expect(await outcome(gateway, 'CP-9', later)).toBe('404 unknown-station');
    await gateway.signal('SIGTERM');
    const records = await readEverything(join(folder, 'data'));
    const refusals = payloadsOf(records, 'ocpp.handshake-refused.v1');
    expect(refusals.map(({ status, reason, credential }) => [status, reason, credential?.form])).toEqual(
      expect.arrayContaining([
        [401, 'credential-wrong', 'hex'],
        [401, 'credential-missing', undefined],
        [404, 'unknown-station', 'hex'],
      ]),
    );
    const all = Buffer.concat(records.map(({ value }) => Buffer.from(value))).toString('latin1');
    for (const secret of [key, given, later]) expect(all + gateway.said()).not.toContain(secret);
  });

  it('takes the password of somebody else’s OCPP client', async () => {
    const key = await add('RPC');
    const gateway = await start();
    const station = await strictStation(`${gateway.address}/ocpp`, 'RPC', { password: key });
    await station.call('Heartbeat', {});
    await station.close({});
    const wrong = strictStation(`${gateway.address}/ocpp`, 'RPC', { password: 'wrong' });
    await expect(wrong).rejects.toMatchObject({ code: 401 });
  });

  it('may listen for other machines, and without them may not', async () => {
    await add('CP-1');
    const everywhere = { [variableName('gateway', 'host')]: '0.0.0.0' };
    const gateway = await start(everywhere);
    expect(gateway.said()).toContain('without TLS');
    await gateway.signal('SIGTERM');
    await expect(start({ ...everywhere, [CREDENTIALS]: '' })).rejects.toThrow(
      new RegExp(`no credentials are asked of stations: set ${CREDENTIALS} to a file of them`),
    );
  });
});

async function addWithPassword(name: string, password: string): Promise<void> {
  const cli = resolve(import.meta.dirname, '../../apps/cli/dist/main.js');
  const child = spawn(process.execPath, [cli, 'credentials', 'add', name, '--password'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: childEnvironment({ [CREDENTIALS]: file }),
  });
  child.stdin.end(`${password}\n`);
  const [stdout] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect({ code: child.exitCode, stdout }).toEqual({ code: 0, stdout: '' });
}
