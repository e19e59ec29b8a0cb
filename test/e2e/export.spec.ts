import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { childEnvironment, dataLayout, variableName } from '@chargeproof/config';
import { KEY_FILE } from '@chargeproof/keyring';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, End } from './gateway/ends.ts';
import { startGatewayProcess } from './gateway/gateway-process.ts';
import { readEverything } from './gateway/recorded.ts';
import { exported, imported, runExport, trace } from './importing/folder.ts';

const CLI = resolve(import.meta.dirname, '../../apps/cli/dist/main.js');

let root: string;
let data: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'chargeproof-export-'));
  data = join(root, 'data');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

async function importLines(...lines: readonly string[]): Promise<void> {
  const path = join(root, 'recording');
  writeFileSync(path, lines.join(''));
  await imported(data, path);
}

const AUTHORIZE = '[2,"1","Authorize",{"idTag":"SECRET-TAG"}]';

/** A folder in which a gateway ran: every frame of one connection, some of them odd. */
async function liveFolder(): Promise<readonly string[]> {
  const gateway = await startGatewayProcess({
    [variableName('data', 'folder')]: data,
    [variableName('gateway', 'port')]: '0',
    [variableName('runtime', 'logLevel')]: 'warn',
  });
  const end = await connect(`${gateway.address}/ocpp/CP-1`, ['ocpp1.6']);
  if (!(end instanceof End)) throw new Error('the station was refused');
  const calls = [AUTHORIZE, '[2, "2","Heartbeat",\n{}]'];
  for (const call of [...calls, 'no json']) end.send(call);
  end.send(Buffer.from([1, 2, 3]), true);
  while (end.got.length < calls.length) await new Promise((next) => setTimeout(next, 5));
  end.socket.close();
  await end.closed;
  await gateway.signal('SIGTERM');
  return calls;
}

describe('export', () => {
  it('writes frames as they were on the wire, and says how many a trace cannot hold', async () => {
    const calls = await liveFolder();
    const lines = await exported(data);
    const sent = lines.filter(({ direction }) => direction === 'cp-to-csms').map(({ raw }) => raw);
    expect(sent).toEqual(calls);
    for (const { timestamp } of lines) expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect((await runExport(data)).stderr).toMatch(/^\d+ frames left out: /m);
  });

  it('in our own format gives a folder that is the same, of every type of record', async () => {
    await liveFolder();
    const ours = await runExport(data, '--format', 'record');
    expect(ours.stdout).not.toContain('SECRET-TAG');
    const path = join(root, 'ours');
    writeFileSync(path, ours.stdout);
    const other = join(root, 'other');
    const { frames } = await imported(other, path);
    const [before, after] = [await readEverything(data), await readEverything(other)];
    expect(frames).toBe(before.filter(({ attributes }) => attributes.type === 'ocpp.frame.v1').length);
    const told = before.map(({ attributes, loggedAt, key, value, position: { partition } }) => ({
      key,
      partition,
      loggedAt,
      attributes: { ...attributes, loggedat: loggedAt },
      value: Buffer.from(value).toString('hex'),
    }));
    expect(
      after.map(({ attributes, loggedAt, key, value, position: { partition } }) => ({
        key,
        partition,
        loggedAt,
        attributes,
        value: Buffer.from(value).toString('hex'),
      })),
    ).toEqual(told);
    expect((await runExport(other, '--format', 'record')).stdout).toBe(ours.stdout);
    expect(await imported(other, path)).toMatchObject({ frames: 0, alreadyKnown: frames });
  });

  it('takes stations and a time', async () => {
    const line = (hour: number, station: string) =>
      trace(`2025-01-01T0${hour}:00:00+01:00`, `[3,"${hour}",{}]`, station);
    await importLines(...[1, 2, 3].flatMap((hour) => ['B', 'A', 'C'].map((station) => line(hour, station))));
    const asked = ['--station', 'B', '--station', 'A', '--from', '2025-01-01T01:00:00Z'];
    const lines = await exported(data, ...asked, '--to', '2025-01-01 02:00');
    expect(lines.map(({ chargePointId, timestamp }) => [chargePointId, timestamp])).toEqual([
      ['A', '2025-01-01T02:00:00+01:00'],
      ['B', '2025-01-01T02:00:00+01:00'],
    ]);
    expect(await exported(data, '--tenant', 'nobody')).toEqual([]);
  });

  it('keeps stand-ins where the key is gone, and says so', async () => {
    await importLines(trace('2025-01-01T00:00:00Z', AUTHORIZE));
    rmSync(join(dataLayout(data).keys, KEY_FILE));
    const { code, stdout, stderr } = await runExport(data);
    expect(code).toBe(0);
    expect(stdout).not.toContain('SECRET-TAG');
    expect(stderr).toMatch(/^1 frames keep stand-ins/m);
    expect(existsSync(join(dataLayout(data).keys, KEY_FILE))).toBe(false);
  });

  it('ends quietly when nobody reads on', async () => {
    const frames = Array.from({ length: 5000 }, (_, index) =>
      trace('2025-01-01T00:00:00Z', `[3,"${index}",{}]`),
    );
    await importLines(...frames);
    const child = spawn(process.execPath, [CLI, 'export', '--data', data], { env: childEnvironment({}) });
    let said = '';
    child.stderr.on('data', (chunk) => (said += String(chunk)));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, said }).toEqual({ code: 0, said: '' });
  });

  it.each([
    [['--format', 'csv'], 2, '"csv" is no format that is written; there are: open-ocpp-trace, record'],
    [['--from', 'noon'], 2, '--from takes a time, as 2026-01-31 or 2026-01-31T12:00:00Z, not "noon"'],
    [[], 1, /^there is no log in .*$/],
  ])('asked wrongly with %j says how in a line', async (args, code, line) => {
    const told = await runExport(data, ...args);
    expect(told).toMatchObject({ code, stdout: '' });
    expect(told.stderr.trimEnd()).toMatch(line);
    expect(told.stderr.split('\n')).toHaveLength(2);
  });
});
