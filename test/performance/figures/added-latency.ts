import { type Ends, load } from '../ends.ts';
import type { LoadResult } from '../load/generator.ts';
import type { Measured } from '../processes.ts';

export type AddedLatency = {
  /** Of a call, from the station and back: what the gateway's quantile has above the bare relay's. */
  readonly addedLatencyMs: { readonly p50: number; readonly p99: number; readonly p999: number };
  readonly latency: {
    readonly callsPerSecond: number;
    readonly gatewayMs: Quantiles;
    readonly bareMs: Quantiles;
    readonly gatewayCpuMicrosPerFrame: number;
  };
};
type Quantiles = { readonly p50: number; readonly p99: number; readonly p999: number };

/** So many, that a call is in flight at a few of them at a time. */
const STATIONS = 64;
const SECONDS = 10;

/** @param callsPerSecond where neither relay queues */
export async function addedLatency(
  ends: Ends,
  relays: { readonly bare: Measured; readonly gateway: Measured },
  callsPerSecond: number,
): Promise<AddedLatency> {
  const pace = { stations: STATIONS, callsPerSecond: Math.round(callsPerSecond), seconds: SECONDS };
  const bare = quantilesOf(await load(ends, relays.bare, pace));
  const before = relays.gateway.cpuSeconds();
  const recorded = await load(ends, relays.gateway, pace);
  const cpu = relays.gateway.cpuSeconds() - before;
  const gateway = quantilesOf(recorded);
  return {
    addedLatencyMs: {
      p50: gateway.p50 - bare.p50,
      p99: gateway.p99 - bare.p99,
      p999: gateway.p999 - bare.p999,
    },
    latency: {
      callsPerSecond: pace.callsPerSecond,
      gatewayMs: gateway,
      bareMs: bare,
      gatewayCpuMicrosPerFrame: (cpu * 1e6) / (2 * recorded.allCalls),
    },
  };
}

const quantilesOf = ({ p50Ms, p99Ms, p999Ms }: LoadResult): Quantiles => ({
  p50: p50Ms,
  p99: p99Ms,
  p999: p999Ms,
});
