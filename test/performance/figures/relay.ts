import { availableParallelism } from 'node:os';
import { type Ends, startBare } from '../ends.ts';
import { median, rounded } from '../numbers.ts';
import { startGateway } from '../platform.ts';
import { type Measured, say } from '../processes.ts';
import { type AddedLatency, addedLatency } from './added-latency.ts';
import { type BestRate, bestStations, rateOf, typical } from './best-rate.ts';
import { BOTH, type Section, type Stand } from './figure.ts';

export type RelayFigures = {
  /** Calls a second through the gateway against the bare relay, each at its own best number of stations: median of pairs. */
  readonly relayRatio: number;
  readonly callsPerSecond: number;
  /** The gateway's own, all threads. */
  readonly gatewayCpuSecondsPerMillionFrames: { readonly atBest: number; readonly paced: number };
  readonly addedLatencyMs: AddedLatency['addedLatencyMs'];
  readonly relay: {
    readonly gateway: BestRate;
    readonly bare: BestRate;
    readonly pairs: readonly number[];
    /** As relayRatio, with the bare relay at the gateway's number of stations. */
    readonly ratioAtSameStations: number;
    /** Generator straight to the upstream, its best too: what both can do without a relay between them. */
    readonly directCallsPerSecond: number;
    readonly cores: number;
  };
  readonly latency: AddedLatency['latency'];
};

const PAIRS = 5;
const PAIR_SECONDS = 3;

export const relay: Section = {
  name: 'relay',
  about: 'calls a second, recorded against bare, and what recording adds to each',
  profiles: BOTH,
  measure: relayFigures,
};

async function relayFigures({ profile, ends, bareStations }: Stand): Promise<RelayFigures> {
  const place = await profile.place();
  const bare = await startBare(ends);
  const gateway = await startGateway(place, ends.upstream);
  try {
    const best = { bare: await bareStations(), gateway: await bestStations(ends, gateway, 'gateway') };
    const pairs = await measurePairs(ends, { bare, gateway }, best);
    const own = typical(pairs.map((pair) => pair.gateway));
    const direct = await rateOf(ends, ends.upstream, best.bare, PAIR_SECONDS);
    const { addedLatencyMs, latency } = await addedLatency(ends, { bare, gateway }, own.callsPerSecond / 4);
    const ratios = pairs.map((pair) => pair.gateway.callsPerSecond / pair.bare.callsPerSecond);
    return {
      relayRatio: median(ratios),
      callsPerSecond: own.callsPerSecond,
      addedLatencyMs,
      gatewayCpuSecondsPerMillionFrames: {
        atBest: own.cpuMicrosPerFrame,
        paced: latency.gatewayCpuMicrosPerFrame,
      },
      relay: {
        gateway: own,
        bare: typical(pairs.map((pair) => pair.bare)),
        pairs: ratios,
        ratioAtSameStations: median(
          pairs.map((pair) => pair.gateway.callsPerSecond / pair.bareAtSame.callsPerSecond),
        ),
        directCallsPerSecond: direct.callsPerSecond,
        cores: availableParallelism(),
      },
      latency,
    };
  } finally {
    await Promise.all([bare.stop(), gateway.stop()]);
    await place.remove();
  }
}

type Relay = 'gateway' | 'bare';
type Pair = Readonly<Record<Relay | 'bareAtSame', BestRate>>;

/** Measured in turn, so that what else the machine does meets all alike. */
async function measurePairs(
  ends: Ends,
  relays: Readonly<Record<Relay, Measured>>,
  best: Readonly<Record<Relay, number>>,
): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (let pair = 1; pair <= PAIRS; pair++) {
    const bare = await rateOf(ends, relays.bare, best.bare, PAIR_SECONDS);
    const gateway = await rateOf(ends, relays.gateway, best.gateway, PAIR_SECONDS);
    const bareAtSame =
      best.bare === best.gateway ? bare : await rateOf(ends, relays.bare, best.gateway, PAIR_SECONDS);
    pairs.push({ bare, gateway, bareAtSame });
    say(
      `  pair ${pair} of ${PAIRS}: ${rounded(gateway.callsPerSecond)} against ${rounded(bare.callsPerSecond)} calls/s`,
    );
  }
  return pairs;
}
