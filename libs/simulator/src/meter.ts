/** The physics of one connector: a lifetime register that only an open contactor moves. Whole watt-hours and watts. */
export class Meter {
  #register: number;

  constructor(startWh: number) {
    this.#register = startWh;
  }

  get registerWh(): number {
    return Math.floor(this.#register);
  }

  charge(watts: number, seconds: number): void {
    this.#register += (watts * seconds) / 3600;
  }
}
