import { baseOf } from './base.ts';
import { type Candidate, type Candidates, candidatesOf } from './candidates.ts';
import type { EnergyConfidence, EnergyInput, EnergyMethod, EnergyResult } from './contract.ts';
import { confidenceAfter, distinct, gather, type Note } from './findings.ts';
import { formatWh } from './format.ts';
import { normalise } from './normalise.ts';
import { isBeyond, MOST_WATTS } from './point.ts';
import { continuity, pointOf, type Registers, registersOf } from './registers.ts';
import { withTrueUnit } from './units.ts';
import { type Bounds, walk } from './walk.ts';

/** What a method is worth where nothing stands against it. */
const WORTH: Readonly<Record<EnergyMethod, EnergyConfidence>> = {
  SIGNED_BEGIN_END: 'MEASURED',
  TRANSACTION_BEGIN_END: 'MEASURED',
  METER_START_STOP: 'MEASURED',
  REGISTER_SAMPLES: 'ESTIMATED',
  INTERVALS: 'ESTIMATED',
  POWER_INTEGRAL: 'ESTIMATED',
};

/** Findings without whose records the figure would be another. */
const SHAPING: ReadonlySet<Note['code']> = new Set(['UNIT_KWH_AS_WH', 'REGISTER_BASE_MIX']);

/** Methods disagree beyond a hundredth and what registers drift, in mWh. */
const AGREEMENT = 100n;
const DRIFT = 10_000n;

/**
 * The energy of one transaction, from whatever its frames tell (uptime-and-billing B2). A pure function of
 * the set of its readings: order and repetition change nothing. It takes any text and never throws.
 */
export function energyOf(input: EnergyInput): EnergyResult {
  const bounds: Bounds = { boots: input.boots ?? [], maxWatts: saneWatts(input.limits?.maxPowerWatts) };
  const { readings, notes } = normalise(input.samples);
  const registers = withTrueUnit(registersOf(input, readings, bounds.maxWatts));
  const { base, notes: baseNotes } = baseOf(registers, bounds);
  const found = candidatesOf(input, registers, base, bounds);
  const chosen = choose(found.candidates, bounds);
  const all = [
    ...notes,
    ...registers.notes,
    ...baseNotes,
    ...found.notes,
    ...continuity(pointOf(input.previousStop).point, registers.start),
  ];
  return chosen === undefined
    ? nothing(all)
    : withExport(
        said(chosen, found, [...all, ...lacks(input, chosen, found, all)], bounds),
        registers,
        bounds,
      );
}

const MOST_SANE_WATTS = 1e9;
const saneWatts = (watts: number | undefined) =>
  watts !== undefined && watts > 0 && watts <= MOST_SANE_WATTS ? watts : MOST_WATTS;

/** The first that can have flowed; power is an estimate and takes the place of no register. */
function choose(candidates: readonly Candidate[], { maxWatts }: Bounds): Candidate | undefined {
  const registers = candidates.filter(({ method }) => method !== 'POWER_INTEGRAL');
  return registers.find((candidate) => !isOverPower(candidate, maxWatts)) ?? candidates[0];
}

const isOverPower = ({ energy, ends }: Candidate, maxWatts: number) =>
  ends !== null && isBeyond(energy, ends, maxWatts);

function nothing(notes: readonly Note[]): EnergyResult {
  return {
    energyMwh: null,
    method: null,
    confidence: 'NONE',
    exportMwh: null,
    disagreementMwh: null,
    findings: gather(notes),
    records: [],
    crossChecks: [],
  };
}

function said(chosen: Candidate, found: Candidates, notes: readonly Note[], bounds: Bounds): EnergyResult {
  const others = found.candidates.filter((candidate) => candidate !== chosen);
  const apart = others.map((other) => apartFrom(chosen, other));
  const findings = gather([
    ...notes,
    ...found.candidates.filter((one) => isOverPower(one, bounds.maxWatts)).map(overPower),
    ...contradictions(chosen, others),
  ]);
  const shaping = findings.filter(({ code }) => SHAPING.has(code));
  return {
    energyMwh: chosen.energy,
    method: chosen.method,
    confidence: confidenceAfter(WORTH[chosen.method], findings),
    exportMwh: null,
    disagreementMwh: others.length === 0 ? null : apart.reduce((most, one) => (one > most ? one : most), 0n),
    findings,
    records: distinct([...chosen.records, ...shaping.flatMap(({ records }) => records)]),
    crossChecks: others.map(({ method, energy }) => ({ method, energyMwh: energy })),
  };
}

function apartFrom(chosen: Candidate, other: Candidate): bigint {
  const more = other.energy - chosen.energy;
  if (more >= 0n) return chosen.whole ? more : other.whole ? more : 0n;
  return other.whole ? -more : 0n;
}

function overPower({ method, energy, records }: Candidate): Note {
  const detail = `${method} says ${formatWh(energy)} Wh, more than can have flowed in that time`;
  return { code: 'OVER_POWER', detail, records };
}

/** Power is sampled too seldom to contradict a register. */
function contradictions(chosen: Candidate, others: readonly Candidate[]): readonly Note[] {
  return others
    .filter(({ method }) => method !== 'POWER_INTEGRAL')
    .filter((other) => apartFrom(chosen, other) > chosen.energy / AGREEMENT + DRIFT)
    .map(({ method, energy, records }) => ({
      code: 'METHODS_DISAGREE',
      detail: `${method} says ${formatWh(energy)} Wh`,
      records,
    }));
}

/** What the chosen method did not have. */
function lacks(
  { open }: EnergyInput,
  { method, whole, records }: Candidate,
  { begins, ends }: Candidates,
  notes: readonly Note[],
): readonly Note[] {
  const complete = whole && method !== 'POWER_INTEGRAL';
  const rejected = notes.some(({ code }) => code === 'IMPLAUSIBLE_BEGIN');
  const table: readonly (readonly [boolean, Note['code'], string])[] = [
    [method === 'INTERVALS' && !whole, 'INTERVALS_INCOMPLETE', 'not every interval is known to be there'],
    [!complete && !begins && !rejected, 'PARTIAL', 'what flowed before the first reading is not known'],
    [!complete && !ends && !open, 'MISSING_STOP', 'no register at the stop: the last one was taken'],
    [open, 'STILL_OPEN', 'the transaction goes on'],
  ];
  return table.flatMap(([isSo, code, detail]) => (isSo ? [{ code, detail, records }] : []));
}

/** What the vehicle gave back is taken off (E-16). */
function withExport(result: EnergyResult, { exported }: Registers, bounds: Bounds): EnergyResult {
  const { steps } = walk(exported, bounds);
  const [first, last] = [steps[0], steps.at(-1)];
  const gross = result.energyMwh;
  if (gross === null || first === undefined || last === undefined || last.unrolled <= first.unrolled)
    return result;
  const exportMwh = last.unrolled - first.unrolled;
  const records = distinct([...first.point.records, ...last.point.records]);
  const isNet = exportMwh > gross;
  const detail = `${formatWh(exportMwh)} Wh went back, ${formatWh(gross)} Wh came`;
  const findings = isNet
    ? gather([...result.findings, { code: 'NET_EXPORT', detail, records }])
    : result.findings;
  return {
    ...result,
    energyMwh: isNet ? 0n : gross - exportMwh,
    exportMwh,
    findings,
    confidence: confidenceAfter(result.confidence, findings),
    records: distinct([...result.records, ...records, ...steps.flatMap(({ because }) => because)]),
  };
}
