import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import { CALLS } from './load/calls.ts';
import type { LoadOrder, LoadResult } from './load/generator.ts';
import { appMain, beside, type Measured, median, say, startMeasured } from './processes.ts';

export type RelayFigures = {
  /** Calls a second through the gateway against the bare relay, each at its own best number of stations: median of pairs. */
  readonly relayRatio: number;
  /** At a quarter of the gateway's best rate, where neither relay queues. */
  readonly addedLatencyMs: { readonly p50: number; readonly p99: number };
  readonly relay: {
    readonly gateway: BestRate;
    readonly bare: BestRate;
    readonly pairs: readonly number[];
    /** As relayRatio, with the bare relay at the gateway's number of stations. */
    readonly ratioAtSameStations: number;
    /** Generator straight to the upstream, its best too: what both can do without a relay between them. */
    readonly directCallsPerSecond: number;
    readonly latencyAtCallsPerSecond: number;
    readonly cores: number;
  };
};

/** What one relay does at the number of stations where it does most. */
export type BestRate = {
  readonly stations: number;
  readonly callsPerSecond: number;
  /** The relay's own, all threads. Two frames are a call. */
  readonly cpuMicrosPerFrame: number;
  /** Parts of one core that the two ends took: below 1, neither is the limit by itself. */
  readonly generatorBusy: number;
  readonly upstreamBusy: number;
};

/** Below this rise, doubling the stations has stopped paying. */
const STILL_RISING = 1.05;
const MOST_STATIONS = 512;
const PAIRS = 5;
const SEARCH_SECONDS = 2;
const PAIR_SECONDS = 3;

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

const RELAYS = ['gateway', 'bare'] as const;
type Relay = (typeof RELAYS)[number];
type Targets = Readonly<Record<Relay | 'direct', Measured>>;

export async function relayFigures(bench: Bench): Promise<RelayFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'chargeproof-bench-'));
  const targets = {
    gateway: await startGateway(bench, folder),
    bare: await startBare(bench),
    direct: bench.upstream,
  };
  try {
    const best = await bestStations(bench, targets);
    const pairs = await measurePairs(bench, targets, best);
    const gateway = typical(pairs.map((pair) => pair.gateway));
    const direct = await rateOf(bench, targets.direct, best.bare, PAIR_SECONDS);
    const pace = { stations: 64, callsPerSecond: Math.round(gateway.callsPerSecond / 4), seconds: 5 };
    const calm = await load(bench, { url: stationsOf(targets.bare), ...pace });
    const recorded = await load(bench, { url: stationsOf(targets.gateway), ...pace });
    const ratios = pairs.map((pair) => pair.gateway.callsPerSecond / pair.bare.callsPerSecond);
    return {
      relayRatio: median(ratios),
      addedLatencyMs: { p50: recorded.p50Ms - calm.p50Ms, p99: recorded.p99Ms - calm.p99Ms },
      relay: {
        gateway,
        bare: typical(pairs.map((pair) => pair.bare)),
        pairs: ratios,
        ratioAtSameStations: median(
          pairs.map((pair) => pair.gateway.callsPerSecond / pair.bareAtSame.callsPerSecond),
        ),
        directCallsPerSecond: direct.callsPerSecond,
        latencyAtCallsPerSecond: pace.callsPerSecond,
        cores: availableParallelism(),
      },
    };
  } finally {
    await Promise.all([targets.bare.stop(), targets.gateway.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

const stationsOf = ({ address }: Measured) => `${address}/ocpp`;

async function rateOf(bench: Bench, target: Measured, stations: number, seconds: number): Promise<BestRate> {
  const processes = [target, bench.generator, bench.upstream];
  const before = processes.map((process) => process.cpuSeconds());
  const result = await load(bench, { url: stationsOf(target), stations, seconds });
  const [own = 0, generating = 0, answering = 0] = processes.map(
    (process, index) => (process.cpuSeconds() - (before[index] ?? 0)) / result.allCalls,
  );
  const callsPerSecond = result.calls / result.seconds;
  return {
    stations,
    callsPerSecond,
    cpuMicrosPerFrame: (own / 2) * 1e6,
    generatorBusy: generating * callsPerSecond,
    upstreamBusy: answering * callsPerSecond,
  };
}

type Pair = Readonly<Record<Relay | 'bareAtSame', BestRate>>;

/** Measured in turn, so that what else the machine does meets all alike. */
async function measurePairs(
  bench: Bench,
  targets: Targets,
  best: Readonly<Record<Relay, number>>,
): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (let pair = 1; pair <= PAIRS; pair++) {
    const bare = await rateOf(bench, targets.bare, best.bare, PAIR_SECONDS);
    const gateway = await rateOf(bench, targets.gateway, best.gateway, PAIR_SECONDS);
    const bareAtSame =
      best.bare === best.gateway ? bare : await rateOf(bench, targets.bare, best.gateway, PAIR_SECONDS);
    pairs.push({ bare, gateway, bareAtSame });
    say(
      `  pair ${pair} of ${PAIRS}: ${rounded(gateway.callsPerSecond)} against ${rounded(bare.callsPerSecond)} calls/s`,
    );
  }
  return pairs;
}

/** The stations are doubled until a relay has gained nothing from it twice in a row: one dip is noise. */
async function bestStations(bench: Bench, targets: Targets): Promise<Readonly<Record<Relay, number>>> {
  const best = { gateway: { stations: 0, rate: 0, dips: 0 }, bare: { stations: 0, rate: 0, dips: 0 } };
  for (let stations = 4; stations <= MOST_STATIONS; stations *= 2) {
    const rising = RELAYS.filter((relay) => best[relay].dips < 2);
    for (const relay of rising) {
      const { callsPerSecond } = await rateOf(bench, targets[relay], stations, SEARCH_SECONDS);
      const { rate, dips } = best[relay];
      const rises = callsPerSecond > rate * STILL_RISING;
      best[relay] = rises ? { stations, rate: callsPerSecond, dips: 0 } : { ...best[relay], dips: dips + 1 };
      say(`  ${stations} stations: ${rounded(callsPerSecond)} calls/s, ${relay}`);
    }
  }
  return { gateway: best.gateway.stations, bare: best.bare.stations };
}

/** Medians, each of its own. */
function typical(rates: readonly BestRate[]): BestRate {
  const of = (figure: keyof BestRate) => median(rates.map((rate) => rate[figure]));
  return {
    stations: of('stations'),
    callsPerSecond: of('callsPerSecond'),
    cpuMicrosPerFrame: of('cpuMicrosPerFrame'),
    generatorBusy: of('generatorBusy'),
    upstreamBusy: of('upstreamBusy'),
  };
}

const rounded = (value: number) => Math.round(value).toLocaleString('en');
