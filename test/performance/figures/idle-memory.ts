import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { stationsOf } from '../ends.ts';
import type { MemoryOrder } from '../load/collect.ts';
import type { IdleOrder, IdleResult } from '../load/idle-stations.ts';
import { rounded } from '../numbers.ts';
import { startGateway } from '../platform.ts';
import { fileHere, type Measured, say, startMeasured } from '../processes.ts';
import type { Profile } from '../profiles/index.ts';
import type { Section, Stand } from './figure.ts';

export type IdleMemoryFigures = {
  /** Bytes of the gateway's resident memory for each station that is connected and says nothing. */
  readonly bytesPerIdleConnection: { readonly builtIn: number; readonly relayed: number };
  /** Of V8's heap after a collection: what is in use. The rest is room that V8 and the allocator keep. */
  readonly heapBytesPerIdleConnection: { readonly builtIn: number; readonly relayed: number };
  readonly idleConnections: { readonly builtIn: IdleMemory; readonly relayed: IdleMemory };
};

type IdleMemory = {
  readonly connections: number;
  /** Why not as many as wanted; null where they are. */
  readonly fewerBecause: string | null;
  /** With garbage as it is, and after a collection. */
  readonly bytes: number;
  readonly bytesCollected: number;
  readonly heapCollected: number;
  /** What V8 keeps for its heap, used or not. */
  readonly heapTotalCollected: number;
  readonly externalCollected: number;
};

const WANTED = 20_000;
/** What the gateway has open besides its sockets. */
const OTHER_FILES = 100;
/** More than a ping period (30 s), so that each socket was pinged. */
const SETTLE_SECONDS = 35;
const MEASURABLE = ['--expose-gc', '--import', fileHere('load/collect').href];

/** The same whatever the log is: nothing of it is held for a connection. */
export const idleMemory: Section = {
  name: 'memory',
  about: `memory of ${rounded(WANTED)} idle connections, with the built-in central system and relayed`,
  profiles: ['embedded'],
  measure: idleMemoryFigures,
};

async function idleMemoryFigures({ profile, ends }: Stand): Promise<IdleMemoryFigures> {
  const builtIn = await measure(profile, 1);
  say(`  ${rounded(builtIn.connections)} with the built-in central system: ${kB(builtIn)}`);
  const relayed = await measure(profile, 2, ends.upstream);
  say(`  ${rounded(relayed.connections)} relayed: ${kB(relayed)}`);
  return {
    bytesPerIdleConnection: { builtIn: builtIn.bytes, relayed: relayed.bytes },
    heapBytesPerIdleConnection: { builtIn: builtIn.heapCollected, relayed: relayed.heapCollected },
    idleConnections: { builtIn, relayed },
  };
}

const kB = ({ bytes, bytesCollected, heapCollected }: IdleMemory) =>
  [bytes, bytesCollected, heapCollected].map((value) => (value / 1000).toFixed(1)).join(', ') +
  ' kB each: resident, resident after a collection, heap in use';

/** @param sockets of each station at the gateway */
async function measure(profile: Profile, sockets: number, upstream?: Measured): Promise<IdleMemory> {
  const limit = openFilesLimit();
  const connections = Math.min(WANTED, Math.floor((limit - OTHER_FILES) / sockets));
  const place = await profile.place();
  const gateway = await startGateway(place, upstream, MEASURABLE);
  const stations = await startMeasured(fileHere('load/idle-stations'));
  try {
    const raw = await memoryOf(gateway, 'as it is');
    const collected = await memoryOf(gateway, 'collected');
    const { open } = await stations.ask<IdleResult>({
      url: stationsOf(gateway),
      stations: connections,
    } satisfies IdleOrder);
    if (open !== connections) throw new Error(`only ${open} of ${connections} stations are connected`);
    await pause(SETTLE_SECONDS * 1000);
    const rawNow = await memoryOf(gateway, 'as it is');
    const collectedNow = await memoryOf(gateway, 'collected');
    const each = (of: keyof NodeJS.MemoryUsage, after: NodeJS.MemoryUsage, before: NodeJS.MemoryUsage) =>
      (after[of] - before[of]) / connections;
    return {
      connections,
      fewerBecause: connections < WANTED ? `a process may have ${rounded(limit)} files open here` : null,
      bytes: each('rss', rawNow, raw),
      bytesCollected: each('rss', collectedNow, collected),
      heapCollected: each('heapUsed', collectedNow, collected),
      heapTotalCollected: each('heapTotal', collectedNow, collected),
      externalCollected: each('external', collectedNow, collected),
    };
  } finally {
    await Promise.all([stations.stop(), gateway.stop()]);
    await place.remove();
  }
}

const memoryOf = (process: Measured, memory: MemoryOrder['memory']) =>
  process.ask<NodeJS.MemoryUsage>({ memory } satisfies MemoryOrder);

/** The hard limit: Node raises its own to it. */
function openFilesLimit(): number {
  const line = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
  return Number(line?.[1] ?? Infinity);
}
