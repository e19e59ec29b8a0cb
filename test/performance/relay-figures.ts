import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import { CALLS } from './load/calls.ts';
import type { LoadOrder, LoadResult } from './load/generator.ts';
import { appMain, beside, type Measured, median, say, startMeasured } from './processes.ts';

export type RelayFigures = {
  /** Calls a second through the gateway against the bare relay: medians of pairs measured in turn. */
  readonly relayRatio: number;
  readonly addedLatencyMs: { readonly p50: number; readonly p99: number };
  readonly relay: {
    readonly stations: number;
    readonly gatewayCallsPerSecond: number;
    readonly bareCallsPerSecond: number;
    /** Generator straight to the upstream: what both can do without a relay between them. */
    readonly directCallsPerSecond: number;
    readonly pairs: readonly number[];
    readonly latencyAtCallsPerSecond: number;
  };
};

/** Below this rise, doubling the stations has stopped paying. */
const STILL_RISING = 1.05;
const MOST_STATIONS = 512;
const PAIRS = 5;

/** Everything between a station and its CSMS, in three variants that share generator and upstream. */
export type Bench = { readonly generator: Measured; readonly upstream: Measured };

export async function startBench(): Promise<Bench> {
  return {
    generator: await startMeasured(beside('load/generator')),
    upstream: await startMeasured(beside('load/upstream')),
  };
}

export const startBare = ({ upstream }: Bench) =>
  startMeasured(beside('load/bare-relay'), [upstream.address]);

export function startGateway({ upstream }: Bench, folder: string): Promise<Measured> {
  return startMeasured(appMain('gateway'), [], {
    [variableName('data', 'folder')]: folder,
    [variableName('gateway', 'port')]: '0',
    [variableName('gateway', 'upstream')]: upstream.address,
    [variableName('runtime', 'logLevel')]: 'warn',
  });
}

export function load(
  { generator }: Bench,
  order: Pick<LoadOrder, 'url' | 'stations' | 'seconds'> & Partial<LoadOrder>,
): Promise<LoadResult> {
  return generator.ask<LoadResult>({ warmupSeconds: 1, calls: CALLS, ...order });
}

export async function relayFigures(bench: Bench): Promise<RelayFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'chargeproof-bench-'));
  const bare = await startBare(bench);
  const gateway = await startGateway(bench, folder);
  const urls = {
    bare: `${bare.address}/ocpp`,
    gateway: `${gateway.address}/ocpp`,
    direct: `${bench.upstream.address}/ocpp`,
  };
  const rate = async (variant: keyof typeof urls, stations: number, seconds = 2) => {
    const { calls, seconds: took } = await load(bench, { url: urls[variant], stations, seconds });
    return calls / took;
  };
  try {
    const stations = await mostUsefulStations(rate);
    const pairs: { bare: number; gateway: number }[] = [];
    for (let pair = 1; pair <= PAIRS; pair++) {
      pairs.push({ bare: await rate('bare', stations, 3), gateway: await rate('gateway', stations, 3) });
      say(
        `  pair ${pair} of ${PAIRS}: ${rounded(pairs.at(-1)?.gateway)} against ${rounded(pairs.at(-1)?.bare)} calls/s`,
      );
    }
    const direct = await rate('direct', stations, 3);
    const gatewayRate = median(pairs.map((pair) => pair.gateway));
    // A quarter of what the gateway can do: neither side queues, and what is added is what recording costs.
    const pace = { stations: 64, callsPerSecond: Math.round(gatewayRate / 4), seconds: 5 };
    const calm = await load(bench, { url: urls.bare, ...pace });
    const recorded = await load(bench, { url: urls.gateway, ...pace });
    return {
      relayRatio: median(pairs.map((pair) => pair.gateway / pair.bare)),
      addedLatencyMs: { p50: recorded.p50Ms - calm.p50Ms, p99: recorded.p99Ms - calm.p99Ms },
      relay: {
        stations,
        gatewayCallsPerSecond: gatewayRate,
        bareCallsPerSecond: median(pairs.map((pair) => pair.bare)),
        directCallsPerSecond: direct,
        pairs: pairs.map((pair) => pair.gateway / pair.bare),
        latencyAtCallsPerSecond: pace.callsPerSecond,
      },
    };
  } finally {
    await Promise.all([bare.stop(), gateway.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Doubles the stations until neither relay has gained from it twice in a row: one dip is noise. */
async function mostUsefulStations(
  rate: (variant: 'bare' | 'gateway', stations: number) => Promise<number>,
): Promise<number> {
  const best = { stations: 4, bare: 0, gateway: 0 };
  let dips = 0;
  for (let stations = 4; stations <= MOST_STATIONS && dips < 2; stations *= 2) {
    const now = { bare: await rate('bare', stations), gateway: await rate('gateway', stations) };
    say(`  ${stations} stations: ${rounded(now.gateway)} calls/s recorded, ${rounded(now.bare)} bare`);
    const rises = now.gateway > best.gateway * STILL_RISING || now.bare > best.bare * STILL_RISING;
    dips = rises ? 0 : dips + 1;
    if (rises) best.stations = stations;
    best.bare = Math.max(best.bare, now.bare);
    best.gateway = Math.max(best.gateway, now.gateway);
  }
  return best.stations;
}

const rounded = (value: number | undefined) => Math.round(value ?? Number.NaN).toLocaleString('en');
