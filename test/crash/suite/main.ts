import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Searched } from './left-behind.ts';
import { PROFILES, type ProfileName } from './profile.ts';
import { crashSuite, type Figures, holds } from './suite.ts';

/**
 * `npm run crash`: kills the platform's processes under load, so many rounds, compares what the stations saw with what
 * the store says, and searches what is left behind for secrets that they planted. Exits with 1 where a frame is lost,
 * doubled or unexplained, where a secret stands in clear, or where the control loses none; what it left behind then
 * stays, and is named.
 */
const MOST_SEED = 2 ** 31;
const say = (line: string) => process.stderr.write(`${line}\n`);

const options = optionsOrExit();
const root = mkdtempSync(join(tmpdir(), 'chargeproof-crash-'));
say(`${options.rounds} kills, seed ${options.seed}, in ${root}`);
const { figures, run, control } = await crashSuite({ ...options, root, say });
say(`Searched for secrets in clear: ${[...run.left].map(placeOf).join(', ')}`);
process.stdout.write(options.json ? `${JSON.stringify(figures)}\n` : tableOf(figures));
if (holds(run, control)) rmSync(root, { recursive: true });
else {
  for (const line of [...run.verdict.lines, ...run.leaks]) say(line);
  if (control.verdict.lost === 0) say('The control lost nothing: this run shows nothing.');
  process.exitCode = 1;
}

function placeOf([place, { bytes, secrets }]: [string, Searched]): string {
  return `${place} (${bytes} bytes, ${secrets.length === 0 ? 'none' : secrets.length})`;
}

function optionsOrExit(): { rounds: number; seed: number; profile: ProfileName; json: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: 'string', default: '100' },
        seed: { type: 'string', default: String(randomInt(MOST_SEED)) },
        profile: { type: 'string', default: PROFILES[0] },
        json: { type: 'boolean', default: false },
      },
    });
    const profile = PROFILES.find((name) => name === values.profile);
    if (profile === undefined)
      throw new Error(`--profile is "${values.profile}"; there are: ${PROFILES.join(', ')}`);
    const { json } = values;
    return {
      rounds: numberOf('rounds', values.rounds, 1),
      seed: numberOf('seed', values.seed, 0),
      profile,
      json,
    };
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

function numberOf(name: string, text: string, least: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= MOST_SEED) return number;
  throw new Error(`--${name} is "${text}": give a whole number from ${least} to ${MOST_SEED}`);
}

function tableOf(figures: Figures): string {
  const meanings: Readonly<Record<keyof Figures, string>> = {
    rounds: 'kills under load',
    answeredFrames: 'frames that stations sent and had answered',
    lost: 'answered or passed on, and not in the store; wanted 0',
    doubled: 'in the store more than once; wanted 0',
    gaps: 'gaps of connections that the platform itself tells of',
    killsInFlight: 'kills with CALLs at the gateway that were not answered',
    controlLost: 'lost where frames do not wait for the log; wanted above 0',
    seed: 'of the kills and the load',
  };
  return Object.entries(meanings)
    .map(
      ([name, meaning]) =>
        `${name.padEnd(16)} ${String(figures[name as keyof Figures]).padStart(10)}   ${meaning}\n`,
    )
    .join('');
}
