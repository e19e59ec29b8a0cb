import type { WholeTransaction } from './TransactionPage.tsx';

export type Values = WholeTransaction['meterValues'];
export type Point = { readonly at: number; readonly value: number; readonly text: string };
export type Curve = { readonly registers: readonly Point[]; readonly powers: readonly Point[] };

/** Wh and kWh, W and kW (OCPP 1.6, 7.45); absent means Wh (7.26). */
const TO_KILO: Readonly<Record<string, number>> = { Wh: 0.001, kWh: 1, W: 0.001, kW: 1 };

/** A line is drawn of floats: a picture has no last digit. The table beside it has the values as sent. */
export function curveOf(values: Values): Curve {
  const whole = values.filter(({ phase }) => phase === null);
  const points = (isWanted: (measurand: string) => boolean, unit: string): readonly Point[] =>
    whole
      .filter(({ measurand }) => isWanted(measurand ?? REGISTER))
      .map((value) => ({
        at: Date.parse(value.sampledAt),
        value: Number(value.value) * (TO_KILO[value.unit ?? unit] ?? Number.NaN),
        text: `${value.value} ${value.unit ?? unit}`,
      }))
      .filter(({ value }) => Number.isFinite(value));
  return {
    registers: points((measurand) => measurand === REGISTER, 'Wh'),
    powers: points((measurand) => measurand === 'Power.Active.Import', 'W'),
  };
}

const REGISTER = 'Energy.Active.Import.Register';
