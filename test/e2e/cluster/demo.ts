import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import { FRAME_PARTITIONS } from '@chargeproof/record';
import { expect, it, onTestFailed } from 'vitest';
import { freePort } from '../../fixtures/free-port.ts';
import { RunningCommand } from '../cli/command.ts';
import { type Share, startSecondProjector, toldBy } from './second-projector.ts';
import type { Servers } from './servers.ts';

const PATIENCE = { timeout: 60_000 };
/** Of one seed, four times as fast: what remains is the half minute after which a CALL counts as unanswered. */
const QUICKLY = ['--once', '--json', '--seed', 'e2e', '--pace', '4'];
const DIFFERENCE = /^energy of .*, in mWh: the API says (\d+), the ledger says (\d+)\.$/gm;

const EVERY_PARTITION = Array.from({ length: FRAME_PARTITIONS }, (_, partition) => partition);

export type DemoSpace = {
  readonly folder: string;
  /** What the demo adds to, to have its own. */
  readonly prefix: string;
  readonly database: string;
};

export const topicPrefixOf = ({ prefix }: DemoSpace) => `${prefix}demo.`;
export const databaseOf = ({ database }: DemoSpace) => `${database}_demo`;

/** Two demos, one after the other, in one log and one database. */
export class DemosOnServers {
  readonly #here: () => Servers & DemoSpace;
  #first: RunningCommand | undefined;

  constructor(here: () => Servers & DemoSpace) {
    this.#here = here;
  }

  /** The first is left running: most of its time it waits. */
  begins(): void {
    it('runs, and shares its log with a projector that comes and goes', async () => {
      const port = await freePort();
      const running = this.#start([], { [variableName('projector', 'port')]: String(port) });
      this.#first = running;
      await running.said(/has booted/);
      const first = `http://127.0.0.1:${port}`;
      const { log, tables, ...space } = this.#here();
      const second = await startSecondProjector({
        ...log(topicPrefixOf(space)),
        ...tables(databaseOf(space)),
      });
      onTestFailed(() => second.stop());
      // While shares change hands, a partition is nobody's for a moment.
      const both = async () => sharing(await Promise.all([toldBy(first), toldBy(second.health)]));
      await expect.poll(both, PATIENCE).toEqual({ held: EVERY_PARTITION, eachHas: true, ready: true });
      await second.stop();
      const alone = async () => sharing([await toldBy(first)]);
      await expect.poll(alone, PATIENCE).toEqual({ held: EVERY_PARTITION, eachHas: true, ready: true });
    });
  }

  ends(): void {
    it('has every figure as the simulation knows it, and exits with 0', async () => {
      const { code, stdout, stderr } = await this.#whole(this.#first);
      expect(code, stderr).toBe(0);
      const { frames, transactions } = JSON.parse(stdout) as Report;
      expect(frames.total).toBeGreaterThanOrEqual(100);
      expect(transactions).not.toEqual([]);
      for (const { energyWh } of transactions) expect(Number(energyWh)).toBeGreaterThan(0);
    });

    it('is not disturbed by an earlier run, and with a watt-hour planted in the ledger exits with 1', async () => {
      const { code, stderr } = await this.#whole(
        this.#start(['--plant-wh', '1'], { [variableName('api', 'token')]: 'asked-of-whoever-asks' }),
      );
      expect(code, stderr).toBe(1);
      const differences = [...stderr.matchAll(DIFFERENCE)];
      expect(differences.map(([, shown, known]) => Number(known) - Number(shown))).toEqual([1000]);
      expect(stderr).toContain('1 figures differ');
    });
  }

  /** Of a suite that ended before it. */
  stop(): void {
    this.#first?.signal('SIGTERM');
  }

  #start(more: readonly string[], settings: Readonly<Record<string, string>> = {}): RunningCommand {
    const { folder, prefix, database, log, tables } = this.#here();
    return new RunningCommand(['demo', '--data', join(folder, 'demo'), ...QUICKLY, ...more], {
      ...log(prefix),
      ...tables(database),
      ...settings,
    });
  }

  #whole(running: RunningCommand | undefined): RunningCommand['finished'] {
    if (running === undefined) throw new Error('it was not started');
    return running.finished;
  }
}

const sharing = (shares: readonly Share[]) => ({
  held: shares.flatMap(({ partitions }) => partitions).toSorted((a, b) => a - b),
  eachHas: shares.every(({ partitions }) => partitions.length > 0),
  ready: shares.every(({ ready }) => ready),
});

type Report = {
  readonly frames: { readonly total: number };
  readonly transactions: readonly { readonly energyWh: string | null }[];
};
