import type { Micros } from '@chargeproof/record';
import type { Point } from './point.ts';

const MICROS_PER_SECOND = 1_000_000;
/** How far a reading may lie from where its interval has it, in microseconds. */
const TOLERANCE = 2 * MICROS_PER_SECOND;

/** Energy by power alone, in mWh: trapezoids between its samples (mW over µs). Undefined with fewer than two. */
export function integrate(power: readonly Point[]): bigint | undefined {
  let doubled = 0n;
  let steps = 0;
  for (const [index, point] of power.entries()) {
    const before = power[index - 1];
    if (before?.time == null || point.time === null || point.time <= before.time) continue;
    doubled += (before.value + point.value) * BigInt(point.time - before.time);
    steps++;
  }
  // mW * µs = 1/3 600 000 000 mWh; twice the area was summed.
  return steps === 0 ? undefined : doubled / 7_200_000_000n;
}

export type Session = { readonly from: Micros | null; readonly to: Micros | null };
export type IntervalSum = {
  readonly energy: bigint;
  readonly points: readonly Point[];
  readonly complete: boolean;
};

/**
 * The sum of Interval readings of one context: those sampled, else those aligned with the clock, whose
 * ends are not the transaction's own, so that they are never complete.
 * @param seconds the station's sampling interval
 */
export function sumIntervals(
  all: readonly Point[],
  { from, to }: Session,
  seconds: number | undefined,
): IntervalSum | undefined {
  const aligned = (point: Point) => point.contexts.includes('Sample.Clock');
  const sampled = oneAMoment(all.filter((point) => !aligned(point)));
  const points = sampled.length > 0 ? sampled : oneAMoment(all.filter(aligned));
  if (points.length === 0) return undefined;
  const energy = points.reduce((sum, { value }) => sum + value, 0n);
  const longest = (seconds ?? 0) * MICROS_PER_SECOND + TOLERANCE;
  const complete =
    sampled.length > 0 &&
    seconds !== undefined &&
    from !== null &&
    to !== null &&
    spans(points, [from, to], longest);
  return { energy, points, complete };
}

/** Of several at one time the greatest: a moment has one interval. */
function oneAMoment(points: readonly Point[]): readonly Point[] {
  return points.filter(({ time }, index) => points[index + 1]?.time !== time);
}

function spans(points: readonly Point[], [from, to]: readonly [Micros, Micros], longest: Micros): boolean {
  const times = [from, ...points.flatMap(({ time }) => (time === null ? [] : [time]))];
  const whole = times.every((time, index) => index === 0 || time - (times[index - 1] ?? time) <= longest);
  return whole && to - (times.at(-1) ?? from) <= TOLERANCE;
}
