import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { childEnvironment, dataLayout, variableName } from '@chargeproof/config';
import { digestOfHistory } from '@chargeproof/projection';
import { PROJECTIONS } from '@chargeproof/projections';
import { Ledger, seeded, SimulatedStation } from '@chargeproof/simulator';
import { openEmbeddedStore } from '@chargeproof/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunningCommand } from '../e2e/cli/command.ts';
import { type GatewayProcess, startGatewayProcess } from '../e2e/gateway/gateway-process.ts';
import { readEverything } from '../e2e/gateway/recorded.ts';
import { exported, imported } from '../e2e/importing/folder.ts';
import { countRows, digestsOf, doubled } from '../fixtures/projector.ts';
import { randomFrom } from './random.ts';

const QUERY = new URL('../../apps/api/dist/main.js', import.meta.url);
const KILLS = 3;
const STATIONS = 3;
/** The query process is killed at a moment drawn from this long after it answers. */
const LONGEST_MS = 800;
const BETWEEN_CARS_MS = 100;
const profile = { vendor: 'Test', model: 'One', firmwareVersion: '1', connectors: 1, maxWatts: 22_000 };

let data: string;
let gateway: GatewayProcess;
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'chargeproof-platform-'));
  gateway = await startGatewayProcess({
    ...settings(),
    [variableName('gateway', 'port')]: '0',
    [variableName('gateway', 'tickSeconds')]: '1',
  });
});
afterAll(async () => {
  await gateway.signal('SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

const settings = () => ({
  [variableName('data', 'folder')]: data,
  [variableName('runtime', 'logLevel')]: 'error',
});

it(
  `has the tables of a rebuild, though its query process was killed ${KILLS} times under traffic and imports`,
  { timeout: 180_000 },
  async () => {
    const traffic = new AbortController();
    const driving = Array.from({ length: STATIONS }, (_, index) => drive(`CP-${index}`, traffic.signal));
    const random = randomFrom(3);
    for (let kill = 0; kill < KILLS; kill++) {
      const query = await startQuery();
      const recorded = kill % 2 === 1 ? importPart(`part-${kill}`) : undefined;
      await pause(random() * LONGEST_MS);
      query.kill('SIGKILL');
      await once(query, 'exit');
      await recorded;
    }
    traffic.abort();
    await Promise.all(driving);
    await gateway.signal('SIGTERM');

    const live = await foldedTables();
    rmSync(dataLayout(data).tables, { recursive: true });
    const rebuilt = await foldedTables();
    expect(live).toEqual(rebuilt);
    expect(live.records).toBe((await readEverything(data)).length);
    expect(live.history).toEqual(live.digests);
    expect(new Set(Object.values(live.doubled))).toEqual(new Set([0]));
    for (const told of ['transactions', 'meter_values', 'witnesses'])
      expect(live.digests[told]).not.toMatch(/^0 /);
  },
);

async function startQuery(): Promise<ChildProcess> {
  const env = childEnvironment({ ...settings(), [variableName('api', 'port')]: '0' });
  const query = fork(QUERY, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(query, 'message');
  return query;
}

/** Charges cars, and loses its connection in between, until it is told to stop. */
async function drive(identity: string, stop: AbortSignal): Promise<void> {
  const station = new SimulatedStation({
    profile: { ...profile, identity },
    url: `${gateway.address}/ocpp`,
    ledger: new Ledger(),
    random: seeded(identity),
    now: Date.now,
    pause,
  });
  while (!stop.aborted) {
    await station.connect();
    for (let cars = 0; cars < 3; cars++) {
      await station.charge(1, { samples: 4, sampleMilliseconds: 10 });
      // All of it is folded three times over.
      await pause(BETWEEN_CARS_MS);
    }
    await station.disconnect();
  }
}

/** What one of the stations sent until now, imported without its newest frames. */
async function importPart(name: string): Promise<void> {
  const frames = (await exported(data)).filter(({ chargePointId }) => chargePointId === 'CP-1');
  const lines = frames.slice(0, -20).map((line) => `${JSON.stringify(line)}\n`);
  const file = join(data, `${name}.jsonl`);
  writeFileSync(file, lines.join(''));
  await imported(data, file);
}

/** Folds the folder at rest to its end, as `status` does, and reads what its tables say. */
async function foldedTables() {
  const { code, stderr } = await new RunningCommand(['status', '--data', data]).finished;
  expect(code, stderr).toBe(0);
  const store = await openEmbeddedStore({ path: dataLayout(data).tables, threadPoolSize: 16 });
  const history = PROJECTIONS.map(async (one) => [one.name, await digestOfHistory(store, one)] as const);
  const found = {
    records: await countRows(store, 'records'),
    digests: await digestsOf(store),
    history: Object.fromEntries(await Promise.all(history)),
    doubled: await doubled(store),
  };
  await store.close();
  return found;
}
