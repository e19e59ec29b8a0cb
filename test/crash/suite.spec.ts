import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANSWERED_A_ROUND } from './suite/run.ts';
import { crashSuite, holds } from './suite/suite.ts';

const ROUNDS = 8;

/** The small form of `npm run crash`. */
describe('the platform, its processes killed under load', () => {
  const root = mkdtempSync(join(tmpdir(), 'chargeproof-crash-'));
  const seed = Date.now() % 2 ** 31;
  let suite: Awaited<ReturnType<typeof crashSuite>>;

  beforeAll(async () => {
    suite = await crashSuite({
      root,
      profile: 'embedded',
      rounds: ROUNDS,
      seed,
      say: () => undefined,
    });
    console.log(`crash suite: ${JSON.stringify(suite.figures)}`);
  }, 600_000);
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('has every answered frame once, in order, byte for byte, and a gap for what it may lack', () => {
    expect(suite.run.verdict.lines, `seed ${seed}`).toEqual([]);
    expect(suite.figures).toMatchObject({ rounds: ROUNDS, lost: 0, doubled: 0, seed });
    expect(suite.run.verdict.unexplained).toBe(0);
    expect(suite.figures.gaps).toBeGreaterThan(0);
    expect(holds(suite.run, suite.control)).toBe(true);
  });

  it('was under load: frames answered in each round, appends in flight at most kills', () => {
    expect(suite.run.leastAnswered).toBeGreaterThanOrEqual(ANSWERED_A_ROUND);
    expect(suite.figures.killsInFlight).toBeGreaterThanOrEqual(ROUNDS / 2);
  });

  it('control: loses frames where they do not wait for the log, and says that it may', () => {
    expect(suite.figures.controlLost).toBeGreaterThan(0);
    expect(suite.control.shown).toContain('beside-relay');
    expect(suite.run.shown).not.toContain('beside-relay');
  });

  it('leaves no secret behind: not in files, logs, metrics, answers or exports', () => {
    expect(suite.run.leaks).toEqual([]);
    expect([...suite.run.left.keys()]).toHaveLength(4);
    for (const [place, { isReadable }] of suite.run.left) expect(isReadable, place).toBe(true);
  });
});
