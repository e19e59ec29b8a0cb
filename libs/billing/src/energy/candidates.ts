import type { RecordId } from '@chargeproof/record';
import type { Base } from './base.ts';
import type { EnergyInput, EnergyMethod } from './contract.ts';
import { integrate, sumIntervals } from './estimates.ts';
import { distinct, type Note } from './findings.ts';
import { falls, type Point } from './point.ts';
import type { Registers } from './registers.ts';
import { type Bounds, type Step, walk } from './walk.ts';

/** What one method says. */
export type Candidate = {
  readonly method: EnergyMethod;
  readonly energy: bigint;
  /** It measures all of the transaction; else it contradicts others only by what it has more. */
  readonly whole: boolean;
  /** Where it begins and ends, to judge by time what can have flowed. */
  readonly ends: readonly [Point, Point] | null;
  readonly records: readonly RecordId[];
};
export type Candidates = {
  readonly candidates: readonly Candidate[];
  readonly notes: readonly Note[];
  /** A register that is the transaction's begin, or end, was read. */
  readonly begins: boolean;
  readonly ends: boolean;
};

/** What each method says of the transaction, in the order in which they are to be chosen. */
export function candidatesOf(
  input: EnergyInput,
  registers: Registers,
  base: Base['base'],
  bounds: Bounds,
): Candidates {
  const { start, stop, samples } = registers;
  const own = [start, ...(base === 'same' ? samples : []), stop].filter((point) => point !== null);
  const walked = walk(own, bounds);
  const sampled = base === 'same' ? walked : walk(samples, bounds);
  const isSame = ({ point }: Step, other: Point | null) => point === other;
  const begin = walked.steps.find((step) => isSame(step, start));
  const end = walked.steps.find((step) => isSame(step, stop));
  const all = [
    span('TRANSACTION_BEGIN_END', sampled.steps, [
      sampled.steps.find(withContext('Transaction.Begin')),
      sampled.steps.findLast(withContext('Transaction.End')),
    ]),
    span('METER_START_STOP', walked.steps, [begin, end]),
    base === 'session' ? sinceZero(sampled.steps) : ofSamples(sampled.steps, begin, end),
    ofIntervals(input, registers),
    ofPower(registers.power),
  ];
  return {
    candidates: all.filter((candidate) => candidate !== undefined),
    notes: [
      ...walked.notes,
      ...(sampled === walked ? [] : sampled.notes),
      ...negative(registers, begin, end),
    ],
    begins: begin !== undefined || base === 'session' || sampled.steps.some(withContext('Transaction.Begin')),
    ends: end !== undefined || sampled.steps.some(withContext('Transaction.End')),
  };
}

const withContext =
  (context: string) =>
  ({ point }: Step) =>
    point.contexts.includes(context);

/** Last less first, over whatever lies between. Rounding may make it fall a little: then nothing flowed. */
function span(
  method: EnergyMethod,
  steps: readonly Step[],
  [first, last]: readonly [Step | undefined, Step | undefined],
  whole = true,
): Candidate | undefined {
  const [from, to] = [first && steps.indexOf(first), last && steps.indexOf(last)];
  if (first === undefined || last === undefined || from === undefined || to === undefined || from >= to)
    return undefined;
  const energy = last.unrolled - first.unrolled;
  if (falls({ ...first.point, value: first.unrolled }, { ...last.point, value: last.unrolled }))
    return undefined;
  const between = steps.slice(from + 1, to + 1).flatMap(({ because }) => because);
  return {
    method,
    energy: energy < 0n ? 0n : energy,
    whole,
    ends: [first.point, last.point],
    records: distinct([...first.point.records, ...between, ...last.point.records]),
  };
}

/** Of the samples alone where the transaction's own registers stand; else they take the place of what is missing. */
function ofSamples(
  steps: readonly Step[],
  begin: Step | undefined,
  end: Step | undefined,
): Candidate | undefined {
  const both = begin !== undefined && end !== undefined;
  const own = both ? steps.filter((step) => step !== begin && step !== end) : steps;
  return span('REGISTER_SAMPLES', steps, [own[0], own.at(-1)], false);
}

/** A register that counts from the transaction's begin is itself the energy. */
function sinceZero(steps: readonly Step[]): Candidate | undefined {
  const last = steps.at(-1);
  if (last === undefined) return undefined;
  const records = distinct([...steps.flatMap(({ because }) => because), ...last.point.records]);
  return { method: 'REGISTER_SAMPLES', energy: last.unrolled, whole: false, ends: null, records };
}

function ofIntervals({ start, stop, intervals }: EnergyInput, registers: Registers): Candidate | undefined {
  const session = { from: start?.time ?? null, to: stop?.time ?? null };
  const sum = sumIntervals(registers.intervals, session, intervals?.sample);
  if (sum === undefined) return undefined;
  const records = distinct(sum.points.flatMap((point) => point.records));
  return { method: 'INTERVALS', energy: sum.energy, whole: sum.complete, ends: null, records };
}

function ofPower(power: readonly Point[]): Candidate | undefined {
  const energy = integrate(power);
  if (energy === undefined) return undefined;
  const records = distinct(power.flatMap((point) => point.records));
  return { method: 'POWER_INTEGRAL', energy, whole: false, ends: null, records };
}

/** The stop stands below the start, and nothing explains it (E-10, field S10). */
function negative(
  { start, stop }: Registers,
  begin: Step | undefined,
  end: Step | undefined,
): readonly Note[] {
  if (start === null || stop === null || stop.value >= start.value) return [];
  if (begin !== undefined && end !== undefined && end.unrolled >= begin.unrolled) return [];
  const records = [...start.records, ...stop.records];
  return [
    { code: 'NEGATIVE_ENERGY', detail: 'the register at the stop is below that at the start', records },
  ];
}
