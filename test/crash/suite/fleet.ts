import { randomFrom } from '../random.ts';
import type { WireLedger } from './ledger.ts';
import { CrashStation } from './station.ts';

const OF_EACH_KIND = 10;
const names = (prefix: string) =>
  Array.from({ length: OF_EACH_KIND }, (_, index) => `${prefix}-${index + 1}`);

/** Stations that the CSMS answers, and those that the built-in system answers. */
export const RELAYED = names('RELAYED');
export const BUILT_IN = names('BUILT-IN');
export const STATIONS = [...RELAYED, ...BUILT_IN];

/** The longest that stations think between two CALLs, in milliseconds. */
const THINK = { underFire: 8, patient: 250 };

/** Stations that talk until they are stopped, whoever dies meanwhile. */
export class Fleet {
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>;
  #pace: keyof typeof THINK = 'patient';

  constructor(ledger: WireLedger, address: () => Promise<string>, seed: number) {
    const running = STATIONS.map((name, index) => {
      const random = randomFrom(seed + index);
      const think = () => random() * THINK[this.#pace];
      const stopped = this.#stop.signal;
      return new CrashStation({ name, ledger, random, address, think, stopped }).run();
    });
    this.#running = Promise.all(running);
  }

  /** As fast as it can, or as long as a process starts: slower, and without a pause. */
  pace(pace: keyof typeof THINK): void {
    this.#pace = pace;
  }

  /** Lets each have its last answer and say goodbye. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}
