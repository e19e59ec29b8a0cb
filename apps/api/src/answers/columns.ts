import type { Micros } from '@chargeproof/record';

/** Whole microseconds, as the store gives them: as text. */
export const microsOrNull = (text: string | null): Micros | null => (text === null ? null : Number(text));

const LARGEST_INT = 2 ** 31 - 1;

/** A station may name any number; one that GraphQL's Int does not hold is no connector anybody has. */
export function connectorOrNull(written: string | number | null): number | null {
  const connector = Number(written);
  return written === null || Math.abs(connector) > LARGEST_INT ? null : connector;
}
