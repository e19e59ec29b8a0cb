import type { EnergyInput, MeterRegister } from './contract.ts';
import { readDecimal } from './decimal.ts';
import type { Note } from './findings.ts';
import { formatWh } from './format.ts';
import type { Reading } from './normalise.ts';
import { combinePhases } from './phases.ts';
import { falls, isBeyond, slackBetween, type Point } from './point.ts';

/** All that tells of one transaction's energy, as points. */
export type Registers = {
  readonly start: Point | null;
  readonly stop: Point | null;
  /** Of the import register, in the transaction, in order. */
  readonly samples: readonly Point[];
  readonly exported: readonly Point[];
  readonly intervals: readonly Point[];
  readonly power: readonly Point[];
  readonly notes: readonly Note[];
};

/** Sorts a transaction's readings into series. */
export function registersOf(input: EnergyInput, readings: readonly Reading[], maxWatts: number): Registers {
  const start = pointOf(input.start);
  const stop = pointOf(input.stop);
  const series = (kind: Reading['kind']) =>
    combinePhases(readings.filter((reading) => reading.kind === kind));
  const [imported, exported, intervals, power] = [
    series('import'),
    series('export'),
    series('interval'),
    series('power'),
  ];
  const inside = (points: readonly Point[]) => points.filter((point) => isInside(point, stop.point));
  return {
    start: start.point,
    stop: stop.point,
    samples: inside(imported.points),
    exported: inside(exported.points),
    intervals: inside(intervals.points),
    power: inside(power.points),
    notes: [
      ...[start, stop, imported, exported, intervals, power].flatMap(({ notes }) => notes),
      ...movedOn(imported.points, stop.point, maxWatts),
    ],
  };
}

/** Reads meterStart and meterStop: whole Wh by the schema, decimals as some send them. */
export function pointOf(register: MeterRegister | null | undefined): {
  readonly point: Point | null;
  readonly notes: readonly Note[];
} {
  if (register?.value == null) return { point: null, notes: [] };
  const records = [register.record];
  const exact = readDecimal(register.value, 3);
  if (exact === undefined || exact.value < 0n) {
    const detail = 'a register of the transaction is no number, or below zero';
    return { point: null, notes: [{ code: 'VALUE_UNREADABLE', detail, records }] };
  }
  const { value, resolution, plain } = exact;
  const point = {
    time: register.time,
    value,
    resolution,
    records,
    contexts: [],
    plainWh: true,
    fromStop: true,
  };
  const detail = 'a register of the transaction was read as a number';
  return { point, notes: plain ? [] : [{ code: 'NUMBER_FORM', detail, records }] };
}

/** What was sampled after the stop is not of the transaction, unless its frame says that it is. */
function isInside({ time, fromStop, contexts }: Point, stop: Point | null): boolean {
  return fromStop || contexts.includes('Transaction.End') || (time ?? 0) <= (stop?.time ?? Infinity);
}

/** Tells how far the register moved on after the stop (field S11): energy that nobody is billed for. */
function movedOn(points: readonly Point[], stop: Point | null, maxWatts: number): readonly Note[] {
  const after = points.filter((point) => !isInside(point, stop)).at(-1);
  if (stop === null || after === undefined) return [];
  const more = after.value - stop.value;
  const resolution = after.resolution > stop.resolution ? after.resolution : stop.resolution;
  if (more <= resolution || isBeyond(more, [stop, after], maxWatts)) return [];
  const detail = `after the stop the register rose by another ${formatWh(more)} Wh`;
  return [{ code: 'REGISTER_AFTER_STOP', detail, records: [...stop.records, ...after.records] }];
}

/** Registers go on where the last transaction ended; a register that begins at 0 each time does not (E-9, E-17). */
export function continuity(previous: Point | null, start: Point | null): readonly Note[] {
  if (previous === null || start === null || start.value === 0n) return [];
  const missing = start.value - previous.value;
  const apart = missing < 0n ? -missing : missing;
  if (apart <= slackBetween(previous, start)) return [];
  const detail = falls(previous, start)
    ? `the register stands ${formatWh(apart)} Wh below the stop before it`
    : `${formatWh(apart)} Wh are unaccounted for since the stop before it`;
  return [{ code: 'CONTINUITY_GAP', detail, records: [...previous.records, ...start.records] }];
}
