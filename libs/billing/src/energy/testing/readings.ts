import type { EnergyInput, EnergyResult, MeterRegister, SampledReading } from '../contract.ts';
import { formatWh } from '../format.ts';

export const MINUTE = 60_000_000;
/** 2026-11-21T08:00:00Z */
export const BEGIN = 1_795_248_000_000_000;

export const register = (record: string, minute: number | null, value: string | null): MeterRegister => ({
  record,
  time: minute === null ? null : BEGIN + minute * MINUTE,
  value,
});

/** A sampled value so many minutes after the begin; its record is named after the minute. */
export const sample = (
  minute: number,
  value: string,
  more: Partial<SampledReading> = {},
): SampledReading => ({
  record: `m${minute}`,
  ordinal: 0,
  time: BEGIN + minute * MINUTE,
  value,
  measurand: null,
  context: null,
  format: null,
  phase: null,
  location: null,
  unit: null,
  source: 'MeterValues',
  ...more,
});

/** A closed transaction of an hour; `null` leaves a register out. */
export const session = (
  start: string | null,
  stop: string | null,
  samples: readonly SampledReading[] = [],
  more: Partial<EnergyInput> = {},
): EnergyInput => ({
  start: start === null ? null : register('start', 0, start),
  stop: stop === null ? null : register('stop', 60, stop),
  open: false,
  samples,
  ...more,
});

/** The result as people read it. */
export const told = ({ energyMwh, method, confidence, findings }: EnergyResult) => [
  energyMwh === null ? null : formatWh(energyMwh),
  method,
  confidence,
  ...findings.map(({ code }) => code),
];
