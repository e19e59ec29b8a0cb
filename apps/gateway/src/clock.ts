import type { Micros } from '@chargeproof/record';

export interface Clock {
  /** Wall time, with real microseconds where the host has them. It may step. */
  wall(): Micros;
  /** Whole microseconds since some fixed moment. It never steps. */
  monotonic(): number;
}

/** How far the wall clock may stand from our running estimate before we take it that it was set. */
const STEP_MILLISECONDS = 2;

/**
 * The host's clocks. `Date.now()` has whole milliseconds only, so the wall time runs on the monotonic
 * clock from an anchor and takes a new anchor when the two drift apart or the wall clock is set.
 */
export function systemClock(): Clock {
  let anchorWall = Date.now();
  let anchorMonotonic = performance.now();
  return {
    wall() {
      const now = performance.now();
      const wall = Date.now();
      const estimate = anchorWall + (now - anchorMonotonic);
      if (Math.abs(estimate - wall) <= STEP_MILLISECONDS) return Math.round(estimate * 1000);
      anchorWall = wall;
      anchorMonotonic = now;
      return wall * 1000;
    },
    monotonic: () => Math.round(performance.now() * 1000),
  };
}
