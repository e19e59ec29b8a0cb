import type { WholeTransaction } from './TransactionPage.tsx';

export type Values = WholeTransaction['meterValues'];
type Curved = Pick<WholeTransaction, 'meterValues' | 'startedAt' | 'stoppedAt' | 'meterStart' | 'meterStop'>;
export type Point = { readonly at: number; readonly value: number; readonly text: string };
export type Curve = { readonly registers: readonly Point[]; readonly powers: readonly Point[] };

/** Wh and kWh, W and kW (OCPP 1.6, 7.45); absent means Wh (7.26). */
const TO_KILO: Readonly<Record<string, number>> = { Wh: 0.001, kWh: 1, W: 0.001, kW: 1 };

/** A line is drawn of floats: a picture has no last digit. The table beside it has the values as sent. */
export function curveOf(transaction: Curved): Curve {
  const whole = transaction.meterValues.filter(({ phase }) => phase === null);
  const sampled = (wanted: string, unit: string) =>
    whole
      .filter(({ measurand }) => (measurand ?? REGISTER) === wanted)
      .map((sample) => point(sample.sampledAt, sample.value, sample.unit ?? unit));
  const registers = [
    ...meter(transaction.startedAt, transaction.meterStart),
    ...sampled(REGISTER, 'Wh'),
    ...meter(transaction.stoppedAt, transaction.meterStop),
  ];
  return { registers: drawable(registers), powers: drawable(sampled('Power.Active.Import', 'W')) };
}

const REGISTER = 'Energy.Active.Import.Register';

function point(at: string, value: string, unit: string): Point {
  return {
    at: Date.parse(at),
    value: value.trim() === '' ? Number.NaN : Number(value) * (TO_KILO[unit] ?? Number.NaN),
    text: `${value} ${unit}`,
  };
}

/** meterStart and meterStop are readings of the same register, in Wh (OCPP 1.6, 6.45, 6.49). */
const meter = (at: string | null, value: string | null): readonly Point[] =>
  at === null || value === null ? [] : [point(at, value, 'Wh')];

const drawable = (points: readonly Point[]) =>
  points
    .filter(({ at, value }) => Number.isFinite(at) && Number.isFinite(value))
    .toSorted((a, b) => a.at - b.at);
