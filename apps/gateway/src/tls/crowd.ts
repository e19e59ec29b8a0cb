/** How many are inside at once, in all and of one name: so that one who sends many keeps no other out. */
export class Crowd {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #inside = new Map<string, number>();
  #all = 0;

  constructor(most: number, mostOfOne: number) {
    this.#most = most;
    this.#mostOfOne = mostOfOne;
  }

  /** @returns whether there is room */
  enter(name: string): boolean {
    const others = this.#inside.get(name) ?? 0;
    if (this.#all >= this.#most || others >= this.#mostOfOne) return false;
    this.#all += 1;
    this.#inside.set(name, others + 1);
    return true;
  }

  leave(name: string): void {
    const left = (this.#inside.get(name) ?? 1) - 1;
    this.#all -= 1;
    if (left === 0) this.#inside.delete(name);
    else this.#inside.set(name, left);
  }
}
