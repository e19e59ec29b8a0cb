import { randomInt } from 'node:crypto';
import { runId, type Micros, type RunId } from '@chargeproof/record';
import type { Clock } from '../clock.ts';

/** One life of this process as a recorder. */
export type Run = {
  readonly id: RunId;
  readonly started: Micros;
  /** Microseconds since the run started. */
  readonly elapsed: () => number;
};

const RANDOM_DIGITS = 6;

export function beginRun(clock: Clock): Run {
  const started = clock.wall();
  const origin = clock.monotonic();
  const random = randomInt(36 ** RANDOM_DIGITS)
    .toString(36)
    .padStart(RANDOM_DIGITS, '0');
  return { id: runId(started, random), started, elapsed: () => clock.monotonic() - origin };
}
