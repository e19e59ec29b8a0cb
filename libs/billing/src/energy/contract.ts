import type { Micros, RecordId } from '@chargeproof/record';

/** How an energy was found, best first (uptime-and-billing B2). Signed readings are not verified yet, so nothing claims the first. */
export const ENERGY_METHODS = [
  'SIGNED_BEGIN_END',
  'TRANSACTION_BEGIN_END',
  'METER_START_STOP',
  'REGISTER_SAMPLES',
  'INTERVALS',
  'POWER_INTEGRAL',
] as const;
export type EnergyMethod = (typeof ENERGY_METHODS)[number];

/** How sure it is, surest first. */
export const ENERGY_CONFIDENCES = ['MEASURED', 'ESTIMATED', 'LOWER_BOUND', 'NONE'] as const;
export type EnergyConfidence = (typeof ENERGY_CONFIDENCES)[number];

/** A register of StartTransaction or StopTransaction: Wh, as sent. */
export type MeterRegister = {
  readonly record: RecordId;
  /** When the transaction began or ended; null where it is not known. */
  readonly time: Micros | null;
  /** Null: the message was there and had none. */
  readonly value: string | null;
};

/** One SampledValue, as sent. Null: left out, which OCPP gives a meaning of its own (OCPP 1.6, 7.42). */
export type SampledReading = {
  readonly record: RecordId;
  /** Its place in the frame. With the record it is the reading's identity. */
  readonly ordinal: number;
  readonly time: Micros;
  readonly value: string;
  readonly measurand: string | null;
  readonly context: string | null;
  readonly format: string | null;
  readonly phase: string | null;
  readonly location: string | null;
  readonly unit: string | null;
  /** Power of ten of OCPP 2.x `unitOfMeasure`; absent is 0. */
  readonly multiplier?: number;
  /** In `StopTransaction` it is of the transaction whatever its time. */
  readonly source: 'MeterValues' | 'StopTransaction';
};

/** What is known of one transaction's energy. The order of lists means nothing. */
export type EnergyInput = {
  /** Null: nobody saw it start. */
  readonly start: MeterRegister | null;
  /** Null: nobody saw it stop, or it goes on. */
  readonly stop: MeterRegister | null;
  readonly open: boolean;
  readonly samples: readonly SampledReading[];
  /** BootNotifications between its begin and its end. */
  readonly boots?: readonly { readonly record: RecordId; readonly time: Micros }[];
  /** The stop of the transaction before it on that connector: registers are to go on where that one ended (OCPP 1.6, 7.31). */
  readonly previousStop?: MeterRegister | null;
  readonly limits?: { readonly maxPowerWatts?: number };
  /** The station's own configuration, in seconds: only with it are Interval values known to be complete. */
  readonly intervals?: { readonly sample?: number; readonly clock?: number };
};

/** What stands out in the readings, by a word that does not change. */
export const ENERGY_FINDINGS = [
  'VALUE_UNREADABLE',
  'NUMBER_FORM',
  'UNIT_UNKNOWN',
  'UNIT_SPELLING',
  'UNIT_KWH_AS_WH',
  'SIGNED_NOT_VERIFIED',
  'PHASES_DIFFER',
  'PHASE_MISSING',
  'REGISTER_BASE_MIX',
  'REGISTER_DROPOUT',
  'REGISTER_SPIKE',
  'REGISTER_AFTER_STOP',
  'IMPLAUSIBLE_BEGIN',
  'IMPLAUSIBLE_END',
  'METER_RESET',
  'ROLLOVER',
  'NEGATIVE_ENERGY',
  'NET_EXPORT',
  'OVER_POWER',
  'METHODS_DISAGREE',
  'INTERVALS_INCOMPLETE',
  'CONTINUITY_GAP',
  'PARTIAL',
  'MISSING_STOP',
  'STILL_OPEN',
] as const;
export type EnergyFindingCode = (typeof ENERGY_FINDINGS)[number];

export type EnergyFinding = {
  readonly code: EnergyFindingCode;
  /** One line for people. */
  readonly detail: string;
  readonly records: readonly RecordId[];
};

export type EnergyResult = {
  /** Net of what went back (export). Never negative. Null: nothing may be said. */
  readonly energyMwh: bigint | null;
  readonly method: EnergyMethod | null;
  readonly confidence: EnergyConfidence;
  /** What went back to the grid, where a register tells. */
  readonly exportMwh: bigint | null;
  /** By how much the other methods differ at most; null where there is no other. */
  readonly disagreementMwh: bigint | null;
  /** At most one a code, in the order of {@link ENERGY_FINDINGS}. */
  readonly findings: readonly EnergyFinding[];
  /** The records whose readings the energy was computed of: with these alone it is the same. */
  readonly records: readonly RecordId[];
  /** What the other methods say. */
  readonly crossChecks: readonly { readonly method: EnergyMethod; readonly energyMwh: bigint }[];
};
