import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTimeServer } from '../fixtures/time-server.ts';
import { RunningCommand } from './cli/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'chargeproof-query-'));
const data = join(folder, 'data');
const QUESTION = '{ stations { nodes { station vendor } } }';
const EXPECTED = { data: { stations: { nodes: [{ station: 'CP-1', vendor: 'Nordic' }] } } };

async function run(...args: readonly string[]) {
  const { code, stdout, stderr } = await new RunningCommand([...args, '--data', data]).finished;
  return { code, stdout, stderr };
}

beforeAll(async () => {
  const file = join(folder, 'boot.csv');
  const frames = [
    [
      '2026-11-01T00:00:00Z',
      'BootNotification',
      [2, '1', 'BootNotification', { chargePointVendor: 'Nordic', chargePointModel: 'M' }],
    ],
    [
      '2026-11-01T00:00:01Z',
      '',
      [3, '1', { status: 'Accepted', currentTime: '2026-11-01T00:00:01Z', interval: 300 }],
    ],
    ['2026-11-01T00:00:02Z', '', '[2,"2","Heartb'],
  ] as const;
  const lines = frames.map(([at, action, frame]) => {
    const msg = typeof frame === 'string' ? frame : JSON.stringify(frame);
    return `${at},CP-1,${action},"${msg.replaceAll('"', '""')}"`;
  });
  writeFileSync(file, `timestamp,id,action,msg\n${lines.join('\n')}\n`);
  expect(await run('import', file)).toMatchObject({ code: 0 });
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('query and status', () => {
  it('answer of a folder at rest, folded to its log’s end, and leave nothing running', async () => {
    const { code, stdout } = await run('query', QUESTION, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(EXPECTED);
    const asked = await run('status', '--json');
    expect(JSON.parse(asked.stdout)).toMatchObject({
      lag: '0',
      period: { from: '2026-11-01T00:00:00.000000Z', to: '2026-11-01T00:00:02.000000Z' },
      completeness: [{ station: 'CP-1', complete: true, gaps: [] }],
    });
    expect((await run('status')).stdout).toContain('Tables are 0 records behind the log.');
  });

  it('answer of a running platform, with the token of its folder, and tell how far its clock is off', async () => {
    const time = await startTimeServer(5);
    const from = new Date().toISOString();
    const platform = new RunningCommand(['start', '--data', data], {
      [variableName('gateway', 'port')]: '0',
      [variableName('api', 'port')]: '0',
      [variableName('api', 'token')]: 'a token that nobody else knows',
      [variableName('gateway', 'ntp')]: time.address,
      [variableName('gateway', 'tickSeconds')]: '1',
    });
    await platform.said(/Ask questions at/);
    expect(JSON.parse((await run('query', QUESTION, '--json')).stdout)).toEqual(EXPECTED);
    expect(JSON.parse((await run('status', '--json')).stdout)).toMatchObject({
      completeness: [{ station: 'CP-1' }],
    });
    const now = () => new Date().toISOString();
    await expect
      .poll(async () => (await run('status', '--from', from, '--to', now())).stdout, { timeout: 60_000 })
      .toMatch(/gateway's clock: at most (4\.9|5)\S* s slow \(± 0\.\S+ s\): times of the record .*, at 20/);
    platform.signal('SIGTERM');
    expect(await platform.finished).toMatchObject({ code: 0 });
    await time.close();
  });

  it('say what cannot be answered in a line that names the argument, and exit with 1', async () => {
    const { code, stdout, stderr } = await run('query', '{ frames(first: 0) { totalCount } }', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ data: null });
    expect(stderr).toMatch(/^first is from 1 to 500, not 0/);
  });
});
