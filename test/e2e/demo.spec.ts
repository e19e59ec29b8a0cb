import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, RunningCommand } from './cli/command.ts';

const folders = ['kept', 'planted'].map((name) => mkdtempSync(join(tmpdir(), `chargeproof-demo-${name}-`)));
const [data = '', planted = ''] = folders;
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

type Finished = Awaited<RunningCommand['finished']>;
type Report = {
  run: string;
  frames: { total: number; byStation: Record<string, number> };
  transactions: { station: string; energyWh: string | null; method: string | null }[];
  uptime: { station: string; upSeconds: number; downSeconds: number; unknownSeconds: number }[];
  conformance: { station: string; kind: string; count: number; evidence: string[] }[];
  completeness: { station: string; complete: boolean; gaps: unknown[] }[];
};
const demo = (...args: string[]) => new RunningCommand(['demo', '--data', data, ...args]);
const QUESTIONS = /Questions\s+(\S+)/;
/** Of one seed, four times as fast: what remains is the half minute after which a CALL counts as unanswered. */
const QUICKLY = ['--once', '--json', '--seed', 'e2e', '--pace', '4'];
const DIFFERENCE = /^energy of .*, in mWh: the API says (\d+), the ledger says (\d+)\.$/gm;

describe('npm run demo', () => {
  let first: Report;
  let runs: readonly [Finished, Finished];

  beforeAll(async () => {
    const { finished } = demo(...QUICKLY);
    const other = new RunningCommand(['demo', '--data', planted, ...QUICKLY, '--plant-wh', '1']);
    runs = await Promise.all([finished, other.finished]);
  }, 120_000);

  it('prints one JSON document, none of its figures empty, each as the simulation knows it', () => {
    const [{ code, stdout, stderr }] = runs;
    expect(code, stderr).toBe(0);
    first = JSON.parse(stdout) as Report;
    const { byStation, total } = first.frames;
    expect(total).toBeGreaterThanOrEqual(100);
    expect(Object.values(byStation).reduce((a, b) => a + b, 0)).toBe(total);
    const stations = Object.keys(byStation).sort();
    expect(stations).toHaveLength(4);
    for (const list of [first.transactions, first.uptime, first.conformance, first.completeness])
      expect([...new Set(list.map(({ station }) => station))].sort()).toEqual(stations);
    for (const { energyWh } of first.transactions) expect(Number(energyWh)).toBeGreaterThan(0);
    for (const { downSeconds } of first.uptime) expect(downSeconds).toBeGreaterThan(1);
    for (const { evidence } of first.conformance) expect(evidence).not.toEqual([]);
    expect(first.completeness.map(({ complete, gaps }) => [complete, gaps])).toEqual(
      Array(4).fill([true, []]),
    );
  });

  it('of the same seed sends as many frames, and with a watt-hour planted in the ledger names it and exits with 1', () => {
    const [, { code, stdout, stderr }] = runs;
    expect(code, stderr).toBe(1);
    expect((JSON.parse(stdout) as Report).frames).toEqual(first.frames);
    const differences = [...stderr.matchAll(DIFFERENCE)];
    expect(differences.map(([, shown, known]) => Number(known) - Number(shown))).toEqual([1000]);
    expect(stderr).toContain('1 figures differ');
  });

  it('continues the same log, shows its frames while it runs, and ends every process on Ctrl-C', async () => {
    const running = demo('--pace', '4');
    const [, address = ''] = await running.said(QUESTIONS);
    await running.said(/frames, \d+ transactions so far/);
    expect(await ask(address, `{ frameCounts(filter: { run: "${first.run}" }) { total } }`)).toEqual({
      frameCounts: { total: String(first.frames.total) },
    });
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
    await expect.poll(() => children.filter(isAlive)).toEqual([]);
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
