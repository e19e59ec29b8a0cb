import type { RecordId } from '@chargeproof/record';
import {
  ENERGY_CONFIDENCES,
  ENERGY_FINDINGS,
  type EnergyConfidence,
  type EnergyFinding,
  type EnergyFindingCode,
} from './contract.ts';

/** What some step of the way has to say of the readings. */
export type Note = EnergyFinding;

/** One finding a code: the first detail, and everybody's records. */
export function gather(notes: readonly Note[]): readonly EnergyFinding[] {
  return ENERGY_FINDINGS.flatMap((code) => {
    const [first, ...others] = notes.filter((note) => note.code === code);
    if (first === undefined) return [];
    const records = distinct([first, ...others].flatMap((note) => note.records));
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    return [{ code, detail: `${first.detail}${more}`, records }];
  });
}

export const distinct = (records: readonly RecordId[]): readonly RecordId[] => [...new Set(records)];

/** What a finding leaves of the confidence at most. Those that are not here leave it as it is. */
const LEAVES: Partial<Record<EnergyFindingCode, EnergyConfidence>> = {
  UNIT_KWH_AS_WH: 'ESTIMATED',
  IMPLAUSIBLE_BEGIN: 'ESTIMATED',
  IMPLAUSIBLE_END: 'ESTIMATED',
  METER_RESET: 'ESTIMATED',
  ROLLOVER: 'ESTIMATED',
  NEGATIVE_ENERGY: 'ESTIMATED',
  NET_EXPORT: 'ESTIMATED',
  OVER_POWER: 'ESTIMATED',
  METHODS_DISAGREE: 'ESTIMATED',
  MISSING_STOP: 'LOWER_BOUND',
  INTERVALS_INCOMPLETE: 'LOWER_BOUND',
  PARTIAL: 'LOWER_BOUND',
  STILL_OPEN: 'LOWER_BOUND',
};

/** The confidence of a method, less what the findings take from it. */
export function confidenceAfter(of: EnergyConfidence, findings: readonly Note[]): EnergyConfidence {
  const left = findings.map(({ code }) => ENERGY_CONFIDENCES.indexOf(LEAVES[code] ?? 'MEASURED'));
  return ENERGY_CONFIDENCES[Math.max(ENERGY_CONFIDENCES.indexOf(of), ...left)] ?? 'NONE';
}
