/** Milliseconds at so many watts that make a watt-hour. */
const WATT_MILLISECONDS = 3_600_000;

/**
 * The physics of one connector: a lifetime register in whole watt-hours, which only an open contactor moves,
 * a pulse a watt-hour. Whole numbers throughout, so that the same watts and times always give the same pulses.
 */
export class Meter {
  #registerWh: number;
  /** Watt-milliseconds since the last pulse. */
  #rest = 0;

  constructor(startWh: number) {
    this.#registerWh = startWh;
  }

  get registerWh(): number {
    return this.#registerWh;
  }

  /** @returns the pulses that fell meanwhile, in Wh */
  charge(watts: number, milliseconds: number): number {
    this.#rest += watts * milliseconds;
    const pulses = Math.floor(this.#rest / WATT_MILLISECONDS);
    this.#rest -= pulses * WATT_MILLISECONDS;
    this.#registerWh += pulses;
    return pulses;
  }
}
