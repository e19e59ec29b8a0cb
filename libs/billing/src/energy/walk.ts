import type { Micros, RecordId } from '@chargeproof/record';
import type { EnergyFindingCode } from './contract.ts';
import { distinct, type Note } from './findings.ts';
import { falls, isBeyond, mostBetween, type Point } from './point.ts';

export type Boot = { readonly time: Micros; readonly record: RecordId };
export type Bounds = { readonly boots: readonly Boot[]; readonly maxWatts: number };

/** A point that counts, and the register as it would stand had it never been reset or rolled over. */
export type Step = {
  readonly point: Point;
  readonly unrolled: bigint;
  /** Records that show why it is unrolled here: they are evidence of whatever spans this step. */
  readonly because: readonly RecordId[];
};
export type Walked = { readonly steps: readonly Step[]; readonly notes: readonly Note[] };

/** A register that was gone for more readings than this did not drop out. */
const LONGEST_DROPOUT = 1000;

/** Where registers end, in mWh: their counters' widths, and the digits that they show (uptime-and-billing E-6). */
const MODULI = [2n ** 16n, 2n ** 24n, 2n ** 31n, 2n ** 32n, 10n ** 6n, 10n ** 7n, 10n ** 8n, 10n ** 9n].map(
  (wattHours) => wattHours * 1000n,
);

/**
 * Walks along a register and explains where it falls: it dropped out for some readings, one reading was a
 * spike, it rolled over, it was reset. What has no explanation at the end is no end.
 * @param points in order of time
 */
export function walk(points: readonly Point[], bounds: Bounds): Walked {
  const begun = withoutZeroBegin(points, bounds);
  const way: Way = { points: begun.points, bounds, steps: [], notes: [...begun.notes] };
  for (let at = 0; at < way.points.length;) at = take(way, at);
  return way;
}

type Way = {
  readonly points: readonly Point[];
  readonly bounds: Bounds;
  readonly steps: Step[];
  readonly notes: Note[];
};

/** Takes the point there, or passes over it. @returns where to go on */
function take(way: Way, at: number): number {
  const { points, steps } = way;
  const point = points[at];
  const last = steps.at(-1);
  if (point === undefined) return points.length;
  if (last === undefined || !falls(last.point, point)) return push(way, at, offsetOf(last));
  if (isSpike(way, point)) {
    steps.pop();
    note(way, 'REGISTER_SPIKE', 'one reading stood above those around it', [last.point]);
    return at;
  }
  return explain(way, at, last);
}

function explain(way: Way, at: number, last: Step): number {
  const { points, bounds } = way;
  const low = lowRun(points, at, last.point);
  const first = points[at] ?? last.point;
  const boot = bounds.boots.find(({ time }) => isBetween(time, last.point, first));
  const jumps = low.back !== undefined && jumpsBack(low.run, low.back, bounds.maxWatts);
  const modulus = jumps ? undefined : modulusOf(last.point, first, bounds.maxWatts);
  if (modulus !== undefined && boot === undefined) {
    note(way, 'ROLLOVER', `the register ends at ${modulus / 1000n} Wh`, [last.point, first]);
    return push(way, at, offsetOf(last) + modulus, recordsOf([last.point, first]));
  }
  if (!jumps && (boot !== undefined || counts(low.run))) {
    const because = [...recordsOf([last.point, ...low.run.slice(0, 2)]), ...(boot ? [boot.record] : [])];
    const detail = boot ? 'the register began anew after a boot' : 'the register began anew';
    way.notes.push({ code: 'METER_RESET', detail, records: distinct(because) });
    return push(way, at, last.unrolled, because);
  }
  if (low.back !== undefined) {
    note(way, 'REGISTER_DROPOUT', 'readings fell and came back', low.run);
    return at + low.run.length;
  }
  note(way, 'IMPLAUSIBLE_END', 'the register ends below where it stood', [last.point, ...low.run]);
  return points.length;
}

function push(way: Way, at: number, offset: bigint, because: readonly RecordId[] = []): number {
  const point = way.points[at];
  if (point !== undefined) way.steps.push({ point, unrolled: point.value + offset, because });
  return at + 1;
}

const offsetOf = (step: Step | undefined) => (step === undefined ? 0n : step.unrolled - step.point.value);

/** A begin of 0 is "no reading" where no charger could have delivered what the next one shows (field S01). */
function withoutZeroBegin(points: readonly Point[], { maxWatts }: Bounds) {
  const real = points.findIndex(({ value }) => value > 0n);
  const [zero, first] = [points[real - 1], points[real]];
  const isReal =
    zero === undefined ||
    first === undefined ||
    points.length - real < 2 ||
    !isBeyond(first.value - zero.value, [zero, first], maxWatts);
  if (isReal) return { points, notes: [] };
  const records = recordsOf(points.slice(0, real));
  const detail = 'it begins at 0, and no charger delivers what the next reading shows';
  return { points: points.slice(real), notes: [{ code: 'IMPLAUSIBLE_BEGIN', detail, records } as const] };
}

/** The last point stands alone above its neighbours, and could not have risen so. */
function isSpike({ steps, bounds }: Way, point: Point): boolean {
  const [before, top] = steps.slice(-2);
  if (before === undefined || top === undefined || falls(before.point, point)) return false;
  return isBeyond(top.unrolled - before.unrolled, [before.point, top.point], bounds.maxWatts);
}

/** The points that stand below the last one, and the one that is back up there. */
function lowRun(points: readonly Point[], at: number, last: Point) {
  const end = Math.min(points.length, at + LONGEST_DROPOUT);
  let next = at;
  while (next < end && falls(last, points[next] ?? last)) next++;
  return { run: points.slice(at, next), back: next < end ? points[next] : undefined };
}

/** Whether it came back faster than it can have counted: then it never was down there. */
function jumpsBack(run: readonly Point[], back: Point, maxWatts: number): boolean {
  const low = run.at(-1);
  return low !== undefined && isBeyond(back.value - low.value, [low, back], maxWatts);
}

/** Two readings that rise show a register at work; one may be anything. */
const counts = (run: readonly Point[]) => (run.at(-1)?.value ?? 0n) > (run[0]?.value ?? 0n);

/** The width of the register, where it stood in its last tenth and what it then shows can have flowed. */
function modulusOf(before: Point, after: Point, maxWatts: number): bigint | undefined {
  const most = mostBetween(before, after, maxWatts);
  if (most === undefined) return undefined;
  return MODULI.find(
    (modulus) =>
      before.value < modulus &&
      before.value * 10n >= modulus * 9n &&
      modulus - before.value + after.value <= most,
  );
}

const isBetween = (time: Micros, a: Point, b: Point) =>
  time >= (a.time ?? -Infinity) && time <= (b.time ?? Infinity);

const recordsOf = (points: readonly Point[]) => distinct(points.flatMap(({ records }) => records));

function note(way: Way, code: EnergyFindingCode, detail: string, points: readonly Point[]): void {
  way.notes.push({ code, detail, records: recordsOf(points) });
}
