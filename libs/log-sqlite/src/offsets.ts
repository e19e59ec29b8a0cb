/**
 * Every opening of a log begins its offsets at a multiple of this, so that no offset is ever given twice:
 * not even when a damaged write-ahead log took acknowledged records with it, which SQLite does not tell.
 */
export const OFFSETS_PER_OPENING = 2 ** 32;

/**
 * The first offset of an owner that opens the log.
 * @param opens how often it was opened before
 * @param end the offset after the last record that is there
 */
export function firstOffset(opens: number, end: number): number {
  return Math.max(opens, Math.ceil(end / OFFSETS_PER_OPENING)) * OFFSETS_PER_OPENING;
}
