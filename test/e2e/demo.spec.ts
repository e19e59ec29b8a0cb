import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const CLI = resolve(import.meta.dirname, '../../apps/cli/dist/main.js');
const data = mkdtempSync(join(tmpdir(), 'chargeproof-demo-'));
afterAll(() => {
  rmSync(data, { recursive: true, force: true });
});

type Report = { run: string; frames: { total: number; byStation: Record<string, number> } };
const demo = (...args: string[]) =>
  spawn(process.execPath, [CLI, 'demo', '--data', data, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

async function finished(child: ChildProcess): Promise<{ code: number; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

/** Resolves with the first match of the pattern in what the child says on stderr. */
function said(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let text = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      text += String(chunk);
      const match = pattern.exec(text);
      if (match) resolve(match);
    });
    child.once('close', () => {
      reject(new Error(`ended before it said ${pattern.source}:\n${text}`));
    });
  });
}

async function ask(address: string, query: string): Promise<Record<string, never>> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return ((await response.json()) as { data: Record<string, never> }).data;
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('npm run demo', () => {
  let first: Report;

  it('with --once --json prints one JSON document: this run, at least 100 frames, counted by station', async () => {
    const { code, stdout, stderr } = await finished(demo('--once', '--json'));
    expect(code, stderr).toBe(0);
    first = JSON.parse(stdout) as Report;
    expect(first.frames.total).toBeGreaterThanOrEqual(100);
    expect(Object.values(first.frames.byStation).reduce((a, b) => a + b, 0)).toBe(first.frames.total);
    expect(Object.keys(first.frames.byStation)).toHaveLength(4);
  });

  it("continues the same log: the second run counts only its own frames, the first run's are still there", async () => {
    const running = demo();
    const [, address = ''] = await said(running, /Questions\s+(\S+)/);
    const run = first.run;
    const answer = await ask(address, `{ frameCounts(filter: { run: "${run}" }) { total } }`);
    expect(answer).toEqual({ frameCounts: { total: String(first.frames.total) } });
    running.kill('SIGINT');
    expect(await finished(running)).toMatchObject({ code: 0 });
    const { code, stdout } = await finished(demo('--once', '--json'));
    const second = JSON.parse(stdout) as Report;
    expect(code).toBe(0);
    expect(second.run).not.toBe(run);
    expect(second.frames.total).toBe(first.frames.total);
  });

  it('shows its frames while it runs, and ends every process on Ctrl-C', async () => {
    const running = demo();
    const [, address = ''] = await said(running, /Questions\s+(\S+)/);
    await said(running, /round 1: /);
    const { frames } = (await ask(
      address,
      '{ frames(first: 3) { nodes { station direction action text kind } } }',
    )) as never as {
      frames: { nodes: { kind: string; text: string }[] };
    };
    expect(frames.nodes).toHaveLength(3);
    const children = childrenOf(running.pid ?? 0);
    expect(children.length).toBeGreaterThanOrEqual(2);
    running.kill('SIGINT');
    expect(await finished(running)).toMatchObject({ code: 0 });
    expect(children.filter(isAlive)).toEqual([]);
  });
});

/** As the Linux kernel lists them. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .map(Number)
    .filter((child) => child > 0);
