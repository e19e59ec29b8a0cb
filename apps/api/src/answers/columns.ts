import type { Micros } from '@chargeproof/record';

/** Whole microseconds, as the store gives them: as text. */
export const microsOrNull = (text: string | null): Micros | null => (text === null ? null : Number(text));
