import type { Micros, RecordId } from '@chargeproof/record';
import type { EnergyFindingCode, SampledReading } from './contract.ts';
import { type Exact, readDecimal } from './decimal.ts';
import type { Note } from './findings.ts';

/** What a figure of energy is read off. */
export type Kind = 'import' | 'export' | 'interval' | 'power';

/** A reading as a number: mWh, and mW of power. */
export type Reading = {
  readonly kind: Kind;
  readonly record: RecordId;
  readonly time: Micros;
  readonly value: bigint;
  readonly resolution: bigint;
  readonly context: string;
  readonly phase: string;
  /** The unit is Wh, or was left out: what some stations fill with kWh. */
  readonly plainWh: boolean;
  readonly fromStop: boolean;
};

/** A measurand that is left out is the register (OCPP 1.6, 7.31). */
const REGISTER = 'Energy.Active.Import.Register';
const KINDS: ReadonlyMap<string, Kind> = new Map([
  [REGISTER, 'import'],
  ['Energy.Active.Export.Register', 'export'],
  ['Energy.Active.Import.Interval', 'interval'],
  ['Power.Active.Import', 'power'],
]);

/** Unit → the power of ten that makes it mWh or mW. */
const ENERGY_UNITS: ReadonlyMap<string, number> = new Map([
  ['wh', 3],
  ['kwh', 6],
]);
const POWER_UNITS: ReadonlyMap<string, number> = new Map([
  ['w', 3],
  ['kw', 6],
]);
const SPELLINGS: ReadonlySet<string> = new Set(['Wh', 'kWh', 'W', 'kW']);

/** Inlet, Cable, Body and EV are other meters. */
const LOCATIONS: ReadonlySet<string> = new Set(['', 'Outlet']);
const MOST_MULTIPLIER = 30;

export type Normalised = { readonly readings: readonly Reading[]; readonly notes: readonly Note[] };

/** The readings that tell of energy, as numbers, each once, in order of time; what cannot be read is a note. */
export function normalise(samples: readonly SampledReading[]): Normalised {
  const readings: Reading[] = [];
  const notes: Note[] = [];
  for (const sample of inOrder(samples)) {
    const kind = KINDS.get(sample.measurand ?? REGISTER);
    if (kind === undefined || !LOCATIONS.has(sample.location ?? '')) continue;
    const read = readOne(sample, kind);
    if (read.reading !== undefined) readings.push(read.reading);
    notes.push(...read.notes.map(([code, detail]) => ({ code, detail, records: [sample.record] })));
  }
  return { readings, notes };
}

type Read = {
  readonly reading?: Reading;
  readonly notes: readonly (readonly [EnergyFindingCode, string])[];
};

function readOne(sample: SampledReading, kind: Kind): Read {
  if (!['', 'Raw'].includes(sample.format ?? '')) return refused('SIGNED_NOT_VERIFIED', 'a signed reading');
  const unit = sample.unit ?? '';
  const power = powerOf(unit, kind, sample.multiplier ?? 0);
  if (power === undefined) return refused('UNIT_UNKNOWN', `unit ${quote(unit)}`);
  const exact = readDecimal(sample.value, power);
  if (exact === undefined) return refused('VALUE_UNREADABLE', `${quote(sample.value)} is no number`);
  if (exact.value < 0n) return refused('VALUE_UNREADABLE', `${quote(sample.value)} is below zero`);
  const plainWh = power === ENERGY_UNITS.get('wh');
  return { reading: readingOf(sample, kind, { ...exact, plainWh }), notes: oddities(sample, unit, exact) };
}

function readingOf(
  sample: SampledReading,
  kind: Kind,
  exact: Exact & { readonly plainWh: boolean },
): Reading {
  return {
    kind,
    record: sample.record,
    time: sample.time,
    value: exact.value,
    resolution: exact.resolution,
    context: sample.context ?? 'Sample.Periodic',
    phase: sample.phase ?? '',
    plainWh: exact.plainWh,
    fromStop: sample.source === 'StopTransaction',
  };
}

function oddities({ value }: SampledReading, unit: string, { plain }: Exact): Read['notes'] {
  const notes: [EnergyFindingCode, string][] = [];
  if (!plain) notes.push(['NUMBER_FORM', `${quote(value)} was read as a number`]);
  if (unit !== '' && !SPELLINGS.has(unit))
    notes.push(['UNIT_SPELLING', `unit ${quote(unit)} was understood`]);
  return notes;
}

const refused = (code: EnergyFindingCode, detail: string): Read => ({ notes: [[code, detail]] });

function powerOf(unit: string, kind: Kind, multiplier: number): number | undefined {
  const units = kind === 'power' ? POWER_UNITS : ENERGY_UNITS;
  const power = unit === '' ? 3 : units.get(unit.trim().toLowerCase());
  const sane = Number.isSafeInteger(multiplier) && Math.abs(multiplier) <= MOST_MULTIPLIER;
  return power === undefined || !sane ? undefined : power + multiplier;
}

const QUOTED = 24;
const quote = (text: string) => JSON.stringify(text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text);

/** By time, then by identity, so that the order in which they are given means nothing. */
function inOrder(samples: readonly SampledReading[]): readonly SampledReading[] {
  const once = new Map(samples.map((sample) => [`${sample.record} ${sample.ordinal}`, sample]));
  return [...once.values()].sort(
    (a, b) => a.time - b.time || compare(a.record, b.record) || a.ordinal - b.ordinal,
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
