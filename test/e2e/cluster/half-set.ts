import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { variableName } from '@chargeproof/config';
import { Ledger, seeded, SimulatedStation } from '@chargeproof/simulator';
import { expect, it } from 'vitest';
import { ask, RunningCommand } from '../cli/command.ts';
import { type Servers, ownName } from './servers.ts';

const profile = {
  identity: 'HALF-SET',
  vendor: 'Test',
  model: 'One',
  firmwareVersion: '1',
  connectors: 1,
  maxWatts: 7000,
};

/** One of the two servers alone: the other half is the data folder's. */
export function halfSet(here: () => Servers & { readonly folder: string }): void {
  it.each([
    ['Kafka, with chDB in the folder', 'log', /^Recorded in +topic .*\nTables in +\//m],
    [
      'a folder, with the tables on a ClickHouse server',
      'tables',
      /^Recorded in +\/.*\nTables in +database /m,
    ],
  ] as const)('on %s, start records, folds and answers', async (name, which, where) => {
    const data = join(here().folder, `half-${which}`);
    const servers = which === 'log' ? here().log(`${ownName('half')}.`) : here().tables(ownName('half'));
    const running = new RunningCommand(['start', '--data', data], {
      ...servers,
      [variableName('gateway', 'port')]: '0',
      [variableName('api', 'port')]: '0',
      [variableName('runtime', 'logLevel')]: 'warn',
    });
    await running.said(where);
    const [, url = ''] = await running.said(/Point a station at +(\S+)\/<station>/);
    const [, questions = ''] = await running.said(/Ask questions at +(\S+)/);
    const ledger = new Ledger();
    const station = new SimulatedStation({
      ...{ profile, url, ledger, random: seeded(name), now: Date.now, pause },
    });
    await station.connect();
    await station.charge(1, { samples: 2, sampleMilliseconds: 1 });
    await station.disconnect();
    const shown = async () => {
      const counts = await ask<{ frameCounts: { total: string } }>(questions, '{ frameCounts { total } }');
      return Number(counts.frameCounts.total);
    };
    // Each CALL of the station, and the answer to it.
    await expect.poll(shown, { timeout: 60_000 }).toBe(2 * (ledger.sentByStation().get('HALF-SET') ?? 0));
    running.signal('SIGTERM');
    expect(await running.finished).toMatchObject({ code: 0 });
  });
}
