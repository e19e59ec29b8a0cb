import { type Ends, load } from '../ends.ts';
import { median, rounded } from '../numbers.ts';
import { type Measured, say } from '../processes.ts';

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
const LEAST_STATIONS = 8;
const MOST_STATIONS = 512;
const SEARCH_SECONDS = 2;

export async function rateOf(
  ends: Ends,
  target: Measured,
  stations: number,
  seconds: number,
): Promise<BestRate> {
  const processes = [target, ends.generator, ends.upstream];
  const before = processes.map((process) => process.cpuSeconds());
  const result = await load(ends, target, { stations, seconds });
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

/** The stations are doubled until the relay has gained nothing from it twice in a row: one dip is noise. */
export async function bestStations(ends: Ends, target: Measured, name: string): Promise<number> {
  let best = { stations: LEAST_STATIONS, rate: 0 };
  for (let stations = LEAST_STATIONS, dips = 0; stations <= MOST_STATIONS && dips < 2; stations *= 2) {
    const { callsPerSecond } = await rateOf(ends, target, stations, SEARCH_SECONDS);
    say(`  ${stations} stations: ${rounded(callsPerSecond)} calls/s, ${name}`);
    dips = callsPerSecond > best.rate * STILL_RISING ? 0 : dips + 1;
    if (dips === 0) best = { stations, rate: callsPerSecond };
  }
  return best.stations;
}

/** Medians, each of its own. */
export function typical(rates: readonly BestRate[]): BestRate {
  const of = (figure: keyof BestRate) => median(rates.map((rate) => rate[figure]));
  return {
    stations: of('stations'),
    callsPerSecond: of('callsPerSecond'),
    cpuMicrosPerFrame: of('cpuMicrosPerFrame'),
    generatorBusy: of('generatorBusy'),
    upstreamBusy: of('upstreamBusy'),
  };
}
