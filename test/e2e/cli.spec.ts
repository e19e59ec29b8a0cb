import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RunningCommand } from './cli/command.ts';

const data = mkdtempSync(join(tmpdir(), 'chargeproof-cli-'));
afterAll(() => {
  rmSync(data, { recursive: true, force: true });
});

const demo = (...args: string[]) => new RunningCommand(['demo', ...args]);

describe('the command line', () => {
  it.each([
    [['--help'], 'npx chargeproof COMMAND'],
    [['-h'], 'npx chargeproof COMMAND'],
    [['demo', '--help'], 'npm run demo'],
    [['start', '-h'], 'npm start'],
    [['import', '--help'], '--format'],
    [['export', '--help'], '--format'],
    [['query', '--help'], '--variables'],
    [['status', '--help'], '--from'],
  ])('asked for help with %j says how it is called, and does nothing', async (args, said) => {
    const { code, stdout, stderr } = await new RunningCommand(args).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(said);
  });

  it.each([
    [['dance'], '"dance" is no command'],
    [['help', 'dance'], '"dance" is no command'],
    [
      ['query', '{ platform { lag } }', '--loud'],
      "Unknown option '--loud'; npx chargeproof help query lists",
    ],
    [['status', '--from', 'soon'], '--from takes a time, as 2026-01-31'],
    [['transactions', '04A2B3C4'], '--tag, --station and --id say which'],
    [['transactions', '--first', '0'], '--first takes how many'],
    [['query'], 'query takes one question'],
    [['query', '{ platform { lag } }', '--variables', '[]'], '--variables takes a JSON object'],
    [['query', '{ platform { lag } }', '--data', '/nowhere'], 'There is no record in /nowhere'],
    [['status', '--data', '/nowhere'], 'There is no record in /nowhere'],
    [['status', 'now'], 'status takes no "now"'],
  ])('refuses %j in one line', async (args, said) => {
    const { code, stdout, stderr } = await new RunningCommand(args).finished;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('takes no empty folder for the folder of the real record', async () => {
    expect(await demo('--once', '--data', '').finished).toEqual({
      code: 2,
      stdout: '',
      stderr: "Option '--data' is empty\n",
    });
  });

  it('refuses a second demo in one folder, and ends', async () => {
    const folder = join(data, 'shared');
    const first = demo('--data', folder);
    await first.said(/Questions/);
    const { code, stderr } = await demo('--once', '--data', folder).finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/is in use: another process owns it/);
    first.signal('SIGTERM');
    expect(await first.finished).toMatchObject({ code: 0 });
  });

  it('finds ports for two demos that begin at once', async () => {
    const both = ['one', 'other'].map((name) => demo('--data', join(data, name)));
    const said = await Promise.all(both.map((each) => each.said(/Questions +(\S+)/)));
    expect(new Set(said.map(([, address]) => address)).size).toBe(2);
    for (const each of both) each.signal('SIGTERM');
    for (const { finished } of both) expect(await finished).toMatchObject({ code: 0 });
  }, 90_000);

  it('ends in order when asked to while it starts', async () => {
    const folder = join(data, 'early');
    const running = demo('--data', folder);
    while (!existsSync(join(folder, 'log'))) await new Promise((next) => setTimeout(next, 5));
    running.signal('SIGINT');
    expect(await running.finished).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
