/** The head of a text, its place in what holds it, and rounding. */
const EACH_BYTES = 40;

/** What a value of texts takes in memory, roughly: of one byte a character, as those are that come in a request. */
export function bytesIn(value: unknown): number {
  if (typeof value === 'string') return EACH_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return EACH_BYTES;
  return Object.values(value).reduce((sum: number, each) => sum + bytesIn(each), EACH_BYTES);
}
