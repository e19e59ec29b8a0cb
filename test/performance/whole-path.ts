import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { dataLayout, threadPoolSize, variableName } from '@chargeproof/config';
import { openEmbeddedStore } from '@chargeproof/store';
import { appMain, say, startMeasured } from './processes.ts';
import { type Bench, load, startBare, startGateway } from './relay-figures.ts';

export type WholePathFigures = {
  /** CPU of the bare relay for each frame against that of all our processes, from the socket to the row a query finds. */
  readonly cpuRatio: number;
  readonly framesPerCpuSecond: number;
  readonly bytesOnDiskPerRawByte: { readonly log: number; readonly tables: number };
  readonly wholePath: {
    readonly frames: number;
    readonly callsPerSecond: number;
    readonly bareCpuSecondsPerMillion: number;
    readonly gatewayCpuSecondsPerMillion: number;
    readonly queryCpuSecondsPerMillion: number;
  };
};

const STATIONS = 200;
const SECONDS = 20;
const CALLS_PER_SECOND = 4000;

/** The same paced load through the bare relay and through the whole platform. */
export async function wholePathFigures(bench: Bench): Promise<WholePathFigures> {
  const order = { stations: STATIONS, seconds: SECONDS, warmupSeconds: 0, callsPerSecond: CALLS_PER_SECOND };
  const bare = await startBare(bench);
  const bareBefore = bare.cpuSeconds();
  const bareLoad = await load(bench, { url: `${bare.address}/ocpp`, ...order });
  const bareCpu = bare.cpuSeconds() - bareBefore;
  await bare.stop();

  const folder = mkdtempSync(join(tmpdir(), 'chargeproof-bench-'));
  const gateway = await startGateway(bench, folder);
  const query = await startMeasured(appMain('api'), [], {
    [variableName('data', 'folder')]: folder,
    [variableName('api', 'port')]: '0',
    [variableName('runtime', 'logLevel')]: 'warn',
  });
  try {
    const before = { gateway: gateway.cpuSeconds(), query: query.cpuSeconds() };
    const recorded = await load(bench, { url: `${gateway.address}/ocpp`, ...order });
    const frames = 2 * recorded.calls;
    await whenFound(query.address, frames);
    const gatewayCpu = gateway.cpuSeconds() - before.gateway;
    const queryCpu = query.cpuSeconds() - before.query;
    await query.stop();
    await gateway.stop();
    const perMillion = (cpu: number, count: number) => (cpu * 1e6) / count;
    const ours = perMillion(gatewayCpu + queryCpu, frames);
    const bareOnly = perMillion(bareCpu, 2 * bareLoad.calls);
    const layout = dataLayout(folder);
    return {
      cpuRatio: bareOnly / ours,
      framesPerCpuSecond: frames / (gatewayCpu + queryCpu),
      bytesOnDiskPerRawByte: {
        log: folderBytes(layout.log) / recorded.bytes,
        tables: (await tableBytes(layout.tables)) / recorded.bytes,
      },
      wholePath: {
        frames,
        callsPerSecond: recorded.calls / recorded.seconds,
        bareCpuSecondsPerMillion: bareOnly,
        gatewayCpuSecondsPerMillion: perMillion(gatewayCpu, frames),
        queryCpuSecondsPerMillion: perMillion(queryCpu, frames),
      },
    };
  } finally {
    await Promise.all([query.stop(), gateway.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Until a query over GraphQL finds so many frames. */
async function whenFound(address: string, frames: number): Promise<void> {
  for (;;) {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ frameCounts { total } }' }),
    });
    const { data } = (await response.json()) as { data: { frameCounts: { total: string } } };
    if (Number(data.frameCounts.total) >= frames) return;
    say(`  ${data.frameCounts.total} of ${frames} frames in the tables`);
    await pause(500);
  }
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** What the tables' live parts take; merged-away parts wait to be removed and are not counted. */
async function tableBytes(folder: string): Promise<number> {
  const store = await openEmbeddedStore({ path: folder, threadPoolSize: threadPoolSize() });
  const [row] = await store.select<{ bytes: string }>(
    'SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase()',
  );
  await store.close();
  return Number(row?.bytes);
}
