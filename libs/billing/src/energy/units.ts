import { integrate } from './estimates.ts';
import { distinct, type Note } from './findings.ts';
import { falls, slackBetween, type Point } from './point.ts';
import type { Registers } from './registers.ts';

const THOUSAND = 1000n;
/** Expected energy over what the register shows, in thousandths: 1000 ± 15 % (uptime-and-billing E-4). */
const LEAST_RATIO = 850n;
const MOST_RATIO = 1150n;

/**
 * Registers that say Wh (or nothing) and count in kWh are taken as kWh: where their own power tells so, or
 * where only so they lie between the transaction's begin and end.
 */
export function withTrueUnit(registers: Registers): Registers {
  const { start, stop, samples, power, notes } = registers;
  const values = new Set(samples.map(({ value }) => value));
  if (values.size < 2 || !samples.every(({ plainWh }) => plainWh)) return registers;
  const byPower = values.size > 2 && powerSaysKwh(samples, power);
  if (!byPower && !(start !== null && stop !== null && liesBetweenOnlyAsKwh(samples, [start, stop])))
    return registers;
  const isOneBase = byPower && surrounds(start, samples, stop);
  const note: Note = {
    code: 'UNIT_KWH_AS_WH',
    detail: 'the register counts kWh and says Wh: it was taken a thousandfold',
    records: distinct([...samples, ...power].flatMap(({ records }) => records)),
  };
  return {
    ...registers,
    start: isOneBase ? scaled(start) : start,
    stop: isOneBase ? scaled(stop) : stop,
    samples: samples.map(scaledPoint),
    notes: [...notes, note],
  };
}

function powerSaysKwh(samples: readonly Point[], power: readonly Point[]): boolean {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.value <= first.value) return false;
  const during = power.filter(
    ({ time }) => time !== null && time >= (first.time ?? Infinity) && time <= (last.time ?? -Infinity),
  );
  const ratio = (integrate(during) ?? 0n) / (last.value - first.value);
  return ratio >= LEAST_RATIO && ratio <= MOST_RATIO;
}

function liesBetweenOnlyAsKwh(samples: readonly Point[], [start, stop]: readonly [Point, Point]): boolean {
  const isBelow = samples.every((sample) => falls(start, sample));
  return isBelow && surrounds(start, samples.map(scaledPoint), stop);
}

function surrounds(start: Point | null, samples: readonly Point[], stop: Point | null): boolean {
  return samples.every(
    (sample) =>
      (start === null || start.value <= sample.value + slackBetween(start, sample)) &&
      (stop === null || sample.value <= stop.value + slackBetween(sample, stop)),
  );
}

const scaledPoint = (point: Point): Point => ({
  ...point,
  value: point.value * THOUSAND,
  resolution: point.resolution * THOUSAND,
});
const scaled = (point: Point | null) => point && scaledPoint(point);
