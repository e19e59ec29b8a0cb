import { setTimeout as pause } from 'node:timers/promises';
import { keysOf } from '../../e2e/gateway/recorded.ts';
import { randomFrom } from '../random.ts';
import { endOf, startCentral } from './central.ts';
import { Fleet, RELAYED, STATIONS } from './fleet.ts';
import { WireLedger } from './ledger.ts';
import { leaks, type Searched, searchLeftBehind } from './left-behind.ts';
import { OriginalBytes } from './original-bytes.ts';
import { Platform } from './platform.ts';
import type { ProfileStart } from './profile.ts';
import { readBack } from './read-back.ts';
import { judge, noVerdict, type Verdict } from './verdict.ts';
import type { Victim } from './victim.ts';

/** At least so many frames are answered between two kills. */
export const ANSWERED_A_ROUND = 100;
/** And a kill falls at a random moment within so many milliseconds of them. */
const LONGEST_WAIT = 60;
/** A round in which they are not answered for so long has failed. */
const ROUND_MILLISECONDS = 120_000;
/** One kill in so many is not of the gateway, but of another process, in turn. */
const OTHERS_EVERY = 4;
/** One start of a gateway in so many is cut short by another kill, within so many milliseconds. */
const STARTS_CUT_SHORT_EVERY = 6;
const LONGEST_START = 2500;
/** How often it is said how far a run has come, in kills. */
const SAID_EVERY = 10;

export type RunOptions = {
  readonly root: string;
  readonly profile: ProfileStart;
  readonly rounds: number;
  readonly seed: number;
  readonly record: 'before-relay' | 'beside-relay';
  readonly say: (line: string) => void;
};

export type RunResult = {
  readonly verdict: Verdict;
  readonly rounds: number;
  readonly answeredFrames: number;
  /** Fewest frames answered in a round. */
  readonly leastAnswered: number;
  readonly killsInFlight: number;
  /** What it showed of itself while it ran, and answered. */
  readonly shown: string;
  /** What is wrong with what it left behind: secrets in clear. None is wanted. */
  readonly leaks: readonly string[];
  /** What was searched for them, by place. */
  readonly left: ReadonlyMap<string, Searched>;
};

/** Kills the processes of a platform under load, round after round, then compares its store with the ledger. */
export async function crashRun(options: RunOptions): Promise<RunResult> {
  const { seed, root, record, profile } = options;
  const central = await startCentral();
  const upstream = { url: central.url, stations: RELAYED };
  const platform = await Platform.prepare({ root, profile, record, upstream });
  const ledger = new WireLedger();
  const began = Date.now();
  for (const victim of [platform.gateway, ...platform.victims]) await victim.start();
  const fleet = new Fleet(ledger, () => platform.gateway.address, seed);
  const leastAnswered = await underFire(options, platform, ledger, fleet);
  await fleet.stop();
  await platform.drained();
  const metrics = await platform.metrics();
  await platform.gateway.stop();
  await platform.folded();
  const verdict = noVerdict();
  const period = { from: new Date(began).toISOString(), to: new Date().toISOString() };
  const bytes = new OriginalBytes(await platform.profile.records(), await keysOf(platform.data));
  for (const station of STATIONS) {
    judge(
      {
        station,
        relayed: RELAYED.includes(station),
        attempts: ledger.attempts.filter((attempt) => attempt.station === station),
        central: (attempt) => endOf(central, attempt),
        stored: await readBack(platform, station, period),
        original: (frame) => bytes.of(frame),
        kills: ledger.kills.filter(({ victim }) => victim === platform.gateway.name),
      },
      verdict,
    );
  }
  for (const victim of platform.victims) await victim.stop();
  // What the control leaves is no other, and it is the dearest part of a short run.
  const left =
    record === 'before-relay' ? await searchLeftBehind(root, platform, metrics) : new Map<string, Searched>();
  await platform.profile.close();
  await central.close();
  return {
    verdict,
    rounds: ledger.kills.length,
    answeredFrames: ledger.answered,
    leastAnswered,
    killsInFlight: ledger.kills.filter(({ inFlight }) => inFlight > 0).length,
    shown: [metrics, ...platform.answers].join('\n'),
    leaks: leaks(left),
    left,
  };
}

/** @returns the fewest frames that were answered in a round */
async function underFire(
  { seed, rounds, say }: RunOptions,
  platform: Platform,
  ledger: WireLedger,
  fleet: Fleet,
): Promise<number> {
  const random = randomFrom(seed);
  let least = Infinity;
  for (let round = 1; round <= rounds; round += 1) {
    const before = ledger.answered;
    fleet.pace('underFire');
    await ledger.untilAnswered(before + ANSWERED_A_ROUND, AbortSignal.timeout(ROUND_MILLISECONDS));
    await pause(random() * LONGEST_WAIT);
    least = Math.min(least, ledger.answered - before);
    const victim = victimOf(platform, round);
    const kill = ledger.killing(victim.name);
    await victim.kill();
    kill.gone = Date.now();
    fleet.pace('patient');
    if (victim === platform.gateway && random() * STARTS_CUT_SHORT_EVERY < 1)
      await platform.gateway.startAndKill(random() * LONGEST_START);
    await victim.start();
    if (round % SAID_EVERY === 0) say(`${round} of ${rounds} kills; ${ledger.answered} frames answered`);
  }
  return least;
}

function victimOf({ gateway, victims }: Platform, round: number): Victim {
  if (round % OTHERS_EVERY !== 0) return gateway;
  return victims[(round / OTHERS_EVERY - 1) % victims.length] ?? gateway;
}
