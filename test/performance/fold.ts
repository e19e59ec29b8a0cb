/**
 * What folding costs by projection, without a log and without a store: microseconds of this thread's CPU
 * for each frame, of the whole set and of the set without one of them.
 *
 *   node --conditions=@chargeproof/source test/performance/fold.ts [frames] [stations]
 */
import { createMemoryLog } from '@chargeproof/log';
import type { Projection } from '@chargeproof/projection';
import { startEngine } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import type { Store } from '@chargeproof/tables';
import { traffic } from '../crash/projector-traffic.ts';

const [frames = '100000', stations = '200'] = process.argv.slice(2);
const requests = [...traffic({ stations: Number(stations), calls: Number(frames) / 2, seed: 7 })];

/** A store that takes every row and has none. */
const nowhere: Store = {
  ensureTables: () => Promise.resolve(),
  insert: () => Promise.resolve(),
  select: () => Promise.resolve([]),
  close: () => Promise.resolve(),
};

async function microsPerFrame(projections: readonly Projection[]): Promise<number> {
  // A log of its own: what was read of a record once is kept with it.
  const log = createMemoryLog();
  await log.append('ocpp.frames', requests);
  const before = process.threadCpuUsage();
  const engine = await startEngine({ log, store: nowhere, projections });
  await engine.whenProcessed(await log.end('ocpp.frames'));
  const { user, system } = process.threadCpuUsage(before);
  await engine.stop();
  return (user + system) / requests.length;
}

/** The least of some runs: whatever else the machine does only adds to it. */
async function least(projections: readonly Projection[], runs = 3): Promise<number> {
  let found = Infinity;
  while (runs-- > 0) found = Math.min(found, await microsPerFrame(projections));
  return found;
}

const tell = (name: string, micros: number) =>
  process.stdout.write(`${name.padEnd(20)} ${micros.toFixed(2)}\n`);
const all = await least(PROJECTIONS, 4);
tell('all', all);
for (const one of PROJECTIONS) {
  tell(`  without ${one.name}`, all - (await least(PROJECTIONS.filter((other) => other !== one))));
}
tell('none', await least([]));
