import type { ConnectionEnd } from './connection-end.ts';

type Source = Pick<ConnectionEnd, 'pause' | 'resume'>;

/**
 * Back pressure of one direction. Bytes are in hand from their receipt until the other side's socket took
 * them; above the bound the source is not read until half of it is free again.
 */
export class Flow {
  readonly #limit: number;
  #inHand = 0;
  #paused = false;

  /** @param limit bytes; one frame more than this may be in hand, and what the socket had read before it was paused */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  /** @returns whether the source is paused for it */
  took(bytes: number, source: Source | undefined): boolean {
    this.#inHand += bytes;
    if (this.#paused || this.#inHand <= this.#limit) return false;
    this.#paused = true;
    source?.pause();
    return true;
  }

  gave(bytes: number, source: Source | undefined): void {
    this.#inHand -= bytes;
    if (!this.#paused || this.#inHand > this.#limit / 2) return;
    this.#paused = false;
    source?.resume();
  }
}
