import { setTimeout as pause } from 'node:timers/promises';
import { cpuSecondsOfTree } from '../cpu.ts';
import { type Ends, load, startBare } from '../ends.ts';
import { ask, startGateway, startReaders } from '../platform.ts';
import { say } from '../processes.ts';
import type { Place, Profile } from '../profiles/index.ts';
import { BOTH, type Section, type Stand } from './figure.ts';

export type WholePathFigures = {
  /**
   * CPU of the bare relay for each frame against that of all that works for us, from the socket to the row a
   * query finds: our processes, and the broker and ClickHouse where they are servers on this machine.
   */
  readonly cpuRatio: number;
  readonly framesPerCpuSecond: number;
  readonly bytesOnDiskPerRawByte: { readonly log: number | null; readonly tables: number };
  readonly wholePath: {
    readonly frames: number;
    readonly callsPerSecond: number;
    /** CPU seconds for a million frames. */
    readonly bare: number;
    readonly parts: Readonly<Record<string, number>>;
  };
};

const STATIONS = 200;
const SECONDS = 10;
const CALLS_PER_SECOND = 4000;
const ORDER = { stations: STATIONS, seconds: SECONDS, warmupSeconds: 0, callsPerSecond: CALLS_PER_SECOND };

export const wholePath: Section = {
  name: 'path',
  about: 'CPU from the socket to the row, and bytes on disk',
  profiles: BOTH,
  measure: wholePathFigures,
};

/** The same paced load through the bare relay and through the whole platform. */
async function wholePathFigures({ ends, profile }: Stand): Promise<WholePathFigures> {
  const bare = await bareCpu(ends);
  const place = await profile.place();
  try {
    const { bytes, frames, callsPerSecond, parts } = await recordedCpu(ends, profile, place);
    const ours = Object.values(parts).reduce((sum, part) => sum + part, 0);
    const log = place.logBytes();
    return {
      cpuRatio: bare / ours,
      framesPerCpuSecond: 1e6 / ours,
      bytesOnDiskPerRawByte: {
        log: log === undefined ? null : log / bytes,
        tables: (await tableBytes(place)) / bytes,
      },
      wholePath: { frames, callsPerSecond, bare, parts },
    };
  } finally {
    await place.remove();
  }
}

const perMillion = (cpu: number, count: number) => (cpu * 1e6) / count;

async function bareCpu(ends: Ends): Promise<number> {
  const bare = await startBare(ends);
  const before = bare.cpuSeconds();
  const { calls } = await load(ends, bare, ORDER);
  const cpu = bare.cpuSeconds() - before;
  await bare.stop();
  return perMillion(cpu, 2 * calls);
}

async function recordedCpu(ends: Ends, profile: Profile, place: Place) {
  const gateway = await startGateway(place, ends.upstream);
  const readers = await startReaders(profile, place);
  try {
    const clocks: (readonly [string, () => number])[] = [
      ['gateway', () => gateway.cpuSeconds()],
      ...[...readers.processes].map(([app, process]) => [app, () => process.cpuSeconds()] as const),
      ...profile.servers.map(({ name, pid }) => [name, () => cpuSecondsOfTree(pid)] as const),
    ];
    const before = clocks.map(([, read]) => read());
    const { calls, bytes, seconds } = await load(ends, gateway, ORDER);
    const frames = 2 * calls;
    await whenFound(readers.address, frames);
    const parts = clocks.map(([name, read], index): [string, number] => [
      name,
      perMillion(read() - (before[index] ?? 0), frames),
    ]);
    return { bytes, frames, callsPerSecond: calls / seconds, parts: Object.fromEntries(parts) };
  } finally {
    await readers.stop();
    await gateway.stop();
  }
}

/** Until a query over GraphQL finds so many frames. */
async function whenFound(address: string, frames: number): Promise<void> {
  for (;;) {
    const { frameCounts } = await ask<{ frameCounts: { total: string } }>(
      address,
      '{ frameCounts { total } }',
    );
    if (Number(frameCounts.total) >= frames) return;
    say(`  ${frameCounts.total} of ${frames} frames in the tables`);
    await pause(500);
  }
}

/** What the tables' live parts take; merged-away parts wait to be removed and are not counted. */
async function tableBytes(place: Place): Promise<number> {
  const store = await place.openStore();
  const [row] = await store.select<{ bytes: string }>(
    'SELECT toString(sum(bytes_on_disk)) AS bytes FROM system.parts WHERE active AND database = currentDatabase()',
  );
  await store.close();
  return Number(row?.bytes);
}
