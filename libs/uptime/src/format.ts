import type { Micros } from '@chargeproof/record';

const MICROS_PER_SECOND = 1_000_000;

/** Seconds as an exact decimal without needless zeros: `90`, `0.25`. @param micros not negative */
export function formatSeconds(micros: Micros): string {
  const part = micros % MICROS_PER_SECOND;
  const whole = String((micros - part) / MICROS_PER_SECOND);
  return part === 0 ? whole : `${whole}.${String(part).padStart(6, '0').replace(/0+$/, '')}`;
}
