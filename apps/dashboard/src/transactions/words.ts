import type { EnergyConfidence, EnergyMethod, TransactionKind } from '../questions/generated.ts';

export const METHODS: Readonly<Record<EnergyMethod, string>> = {
  SIGNED_BEGIN_END: 'signed begin and end',
  TRANSACTION_BEGIN_END: 'Transaction.Begin and .End',
  METER_START_STOP: 'meterStop less meterStart',
  REGISTER_SAMPLES: 'last less first sample',
  INTERVALS: 'sum of intervals',
  POWER_INTEGRAL: 'integral of power, an estimate',
};

export const CONFIDENCES: Readonly<Record<EnergyConfidence, string>> = {
  MEASURED: 'Measured: begin and end are the meter’s own, and nothing contradicts them.',
  ESTIMATED: 'Estimated: part of it was inferred or scaled.',
  LOWER_BOUND: 'At least so much.',
  NONE: 'Nothing may be said of what was sent so far.',
};

export const SHORT_CONFIDENCES: Readonly<Record<EnergyConfidence, string>> = {
  MEASURED: 'measured',
  ESTIMATED: 'estimated',
  LOWER_BOUND: 'at least',
  NONE: '',
};

export const KINDS: Readonly<Record<TransactionKind, string>> = {
  TRANSACTION: 'Transaction',
  ATTEMPT: 'Refused attempt',
  ORPHAN: 'Without a start',
};

/** How its end is known. */
const STOPS: Readonly<Record<string, string>> = {
  StopTransaction: 'by StopTransaction',
  'next-start': 'inferred: the next one began',
  boot: 'inferred: the station booted',
  status: 'inferred from its status',
};

export const stopText = (method: string): string => STOPS[method] ?? method;

/** `METER_RESET` → `Meter reset`. */
export function findingText(code: string): string {
  const words = code.replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
