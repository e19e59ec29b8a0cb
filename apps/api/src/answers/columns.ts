import type { Micros } from '@chargeproof/record';

/** Whole microseconds, as the store gives them: as text. */
export const microsOrNull = (text: string | null): Micros | null => (text === null ? null : Number(text));

const LARGEST_INT = 2 ** 31 - 1;

/** A station may send anything for it; what is below 0, or more than GraphQL's Int holds, is no connector's number. */
export function connectorOrNull(written: string | number | null): number | null {
  const connector = Number(written);
  return written === null || connector < 0 || connector > LARGEST_INT ? null : connector;
}
