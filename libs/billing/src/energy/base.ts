import { distinct, type Note } from './findings.ts';
import { falls, isBeyond } from './point.ts';
import type { Registers } from './registers.ts';
import type { Bounds } from './walk.ts';

/**
 * How the sampled register relates to that of start and stop: the `same`; `session`, counting from the
 * transaction's begin; `other`, a register of which nothing is known but that it rises.
 */
export type Base = { readonly base: 'same' | 'session' | 'other'; readonly notes: readonly Note[] };

/** Start and stop are often the meter's lifetime where samples are the session's, or the other way (E-5, field 2.2). */
export function baseOf(registers: Registers, bounds: Bounds): Base {
  const base = isSession(registers, bounds) ? 'session' : isOther(registers, bounds) ? 'other' : 'same';
  if (base === 'same') return { base, notes: [] };
  const detail =
    base === 'session'
      ? "samples count from the transaction's begin, start and stop do not"
      : 'samples are of another register than start and stop';
  const points = [registers.start, ...registers.samples.slice(0, 1), registers.stop];
  const records = distinct(points.flatMap((point) => point?.records ?? []));
  return { base, notes: [{ code: 'REGISTER_BASE_MIX', detail, records }] };
}

function isSession({ start, stop, samples }: Registers, { boots }: Bounds): boolean {
  const [first] = samples;
  if (start === null || first === undefined || (stop !== null && falls(start, stop))) return false;
  const rebooted = boots.some(({ time }) => time <= (first.time ?? Infinity));
  const isOnlyZero = samples.every(({ value }) => value === 0n);
  if (rebooted || (isOnlyZero && stop !== null)) return false;
  return samples.every((sample) => falls(start, sample));
}

function isOther({ start, stop, samples }: Registers, { maxWatts }: Bounds): boolean {
  if (start === null || stop === null || samples.length === 0 || falls(start, stop)) return false;
  return samples.every(
    (sample) => falls(sample, stop) && isBeyond(sample.value - start.value, [start, sample], maxWatts),
  );
}
