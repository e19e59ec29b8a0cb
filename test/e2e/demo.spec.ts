import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ask, RunningCommand } from './cli/command.ts';

const data = mkdtempSync(join(tmpdir(), 'chargeproof-demo-'));
afterAll(() => {
  rmSync(data, { recursive: true, force: true });
});

type Report = { run: string; frames: { total: number; byStation: Record<string, number> } };
const demo = (...args: string[]) => new RunningCommand(['demo', '--data', data, ...args]);
const QUESTIONS = /Questions\s+(\S+)/;

describe('npm run demo', () => {
  let first: Report;

  it('with --once --json prints one JSON document: this run, at least 100 frames, counted by station', async () => {
    const { code, stdout, stderr } = await demo('--once', '--json').finished;
    expect(code, stderr).toBe(0);
    first = JSON.parse(stdout) as Report;
    expect(first.frames.total).toBeGreaterThanOrEqual(100);
    expect(Object.values(first.frames.byStation).reduce((a, b) => a + b, 0)).toBe(first.frames.total);
    expect(Object.keys(first.frames.byStation)).toHaveLength(4);
  });

  it("continues the same log: a later run counts only its own frames, the first run's are still there", async () => {
    const running = demo();
    const [, address = ''] = await running.said(QUESTIONS);
    expect(await ask(address, `{ frameCounts(filter: { run: "${first.run}" }) { total } }`)).toEqual({
      frameCounts: { total: String(first.frames.total) },
    });
    running.signal('SIGINT');
    expect(await running.finished).toMatchObject({ code: 0 });
    const { code, stdout } = await demo('--once', '--json').finished;
    const second = JSON.parse(stdout) as Report;
    expect(code).toBe(0);
    expect(second.run).not.toBe(first.run);
    expect(second.frames.total).toBe(first.frames.total);
  });

  it('shows its frames while it runs, and ends every process on Ctrl-C', async () => {
    const running = demo();
    const [, address = ''] = await running.said(QUESTIONS);
    await running.said(/round 1: /);
    const { frames } = await ask<{ frames: { nodes: unknown[] } }>(
      address,
      '{ frames(first: 3) { nodes { station direction action text kind } } }',
    );
    expect(frames.nodes).toHaveLength(3);
    const children = childrenOf(running.pid);
    expect(children.length).toBeGreaterThanOrEqual(2);
    running.signal('SIGINT');
    expect(await running.finished).toMatchObject({ code: 0 });
    expect(children.filter(isAlive)).toEqual([]);
  });

  it('leaves no process behind when it is killed', async () => {
    const running = demo();
    await running.said(QUESTIONS);
    const children = childrenOf(running.pid);
    running.signal('SIGKILL');
    await running.finished;
    await expect.poll(() => children.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  });
});

/** As the Linux kernel lists them. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .map(Number)
    .filter((child) => child > 0);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
