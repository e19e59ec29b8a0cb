import type { Micros, RecordId } from '@chargeproof/record';

/** A register at a moment: mWh, or mW of power. */
export type Point = {
  /** Null: of a begin or an end whose time is not known. */
  readonly time: Micros | null;
  readonly value: bigint;
  /** What its last digit is worth. */
  readonly resolution: bigint;
  readonly records: readonly RecordId[];
  readonly contexts: readonly string[];
  readonly plainWh: boolean;
  readonly fromStop: boolean;
};

/** A charger of unknown size has at most what a CCS connector carries: 500 A at 1000 V. */
export const MOST_WATTS = 500_000;

/** The billing register and sampled ones drift apart by so much without meaning anything, in mWh: 4.1 Wh were seen. */
const DRIFT = 10_000n;

export const slackBetween = (a: Point, b: Point): bigint => {
  const coarser = a.resolution > b.resolution ? a.resolution : b.resolution;
  return coarser > DRIFT ? coarser : DRIFT;
};

/** Whether the register fell by more than rounding and drift explain. */
export const falls = (before: Point, after: Point): boolean =>
  before.value - after.value > slackBetween(before, after);

/**
 * The most that can have flowed between two points, in mWh, with a tenth to spare.
 * Undefined where their times tell nothing.
 */
export function mostBetween(a: Point, b: Point, maxWatts: number): bigint | undefined {
  if (a.time === null || b.time === null || b.time < a.time) return undefined;
  // W * µs = 1/3 600 000 mWh; and eleven tenths of it.
  const delivered = (BigInt(Math.ceil(maxWatts)) * BigInt(b.time - a.time) * 11n) / 36_000_000n;
  return delivered + slackBetween(a, b);
}

/** Whether no charger of that size delivers so much in that time. */
export function isBeyond(energy: bigint, [a, b]: readonly [Point, Point], maxWatts: number): boolean {
  const most = mostBetween(a, b, maxWatts);
  return most !== undefined && energy > most;
}
