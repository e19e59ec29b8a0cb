import type { EnergyConfidence, EnergyMethod } from '@chargeproof/billing';
import type { Micros, RecordId } from '@chargeproof/record';
import type { Frontier } from '../read-at/frontier.ts';

/** A period of some stations, as known at the frontier. Absent `station`: all that are known. */
export type PeriodQuestion = {
  readonly tenant: string;
  readonly station?: readonly string[] | undefined;
  /** Included. */
  readonly from: Micros;
  /** Not included. */
  readonly to: Micros;
  readonly frontier: Frontier;
};

/** Energy of the transactions of one connector that began in the period. */
export type EnergyEntry = {
  readonly tenant: string;
  readonly station: string;
  /** Null: it is not known which. */
  readonly connector: number | null;
  /** Null: of none of them may anything be said. */
  readonly energyMwh: bigint | null;
  /** The one method of all of them; null where they differ. */
  readonly method: EnergyMethod | null;
  readonly byMethod: readonly EnergyByMethod[];
  readonly transactions: number;
  readonly withoutEnergy: number;
  readonly open: number;
  /** When the first and the last was heard of them: what was recorded from the one to the other is behind the energy. */
  readonly firstHeard: Micros;
  readonly lastHeard: Micros;
  readonly records: readonly RecordId[];
};

export type EnergyByMethod = {
  readonly method: EnergyMethod | null;
  readonly confidence: EnergyConfidence;
  readonly transactions: number;
  readonly energyMwh: bigint | null;
};
