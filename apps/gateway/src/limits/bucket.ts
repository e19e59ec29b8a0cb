/** What may be taken so often in the long run, and at most so much at once. It fills by itself. */
export class Bucket {
  readonly perSecond: number;
  readonly #most: number;
  readonly #now: () => number;
  #left: number;
  #at: number;

  /** @param now seconds, of a clock that never goes back */
  constructor(perSecond: number, most: number, now: () => number) {
    this.perSecond = perSecond;
    this.#most = most;
    this.#now = now;
    this.#left = most;
    this.#at = now();
  }

  get isFull(): boolean {
    return this.#filled() === this.#most;
  }

  /** Seconds until nothing is owed any more. */
  get owed(): number {
    return this.#until(this.#filled());
  }

  /** Takes one, of what is not there if need be. @returns seconds until nothing is owed any more */
  owe(): number {
    this.#left = this.#filled() - 1;
    return this.#until(this.#left);
  }

  /** Takes one where there is one. @returns seconds until there is one, 0 where it was taken */
  take(): number {
    const left = this.#filled();
    if (left < 1) return (1 - left) / this.perSecond;
    this.#left = left - 1;
    return 0;
  }

  #until(left: number): number {
    return Math.max(0, -left / this.perSecond);
  }

  #filled(): number {
    const now = this.#now();
    this.#left = Math.min(this.#most, this.#left + (now - this.#at) * this.perSecond);
    this.#at = now;
    return this.#left;
  }
}
