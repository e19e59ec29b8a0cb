import { type Log, LogFull } from '@chargeproof/log';
import type { Latency } from '@chargeproof/operations';

/** Longer than any commit of a log that is well. */
const STALLED_MILLISECONDS = 10_000;

/** Appends, and remembers how that went: how long it took, and whether the log still takes records. */
export class AppendWatch implements Pick<Log, 'append'> {
  readonly #log: Pick<Log, 'append'>;
  readonly #latency: Latency;
  /** When each append that is under way began. */
  readonly #underWay = new Set<{ readonly begun: number }>();
  #fault: string | undefined;

  constructor(log: Pick<Log, 'append'>, latency: Latency) {
    this.#log = log;
    this.#latency = latency;
  }

  async append(...call: Parameters<Log['append']>): ReturnType<Log['append']> {
    const append = { begun: performance.now() };
    this.#underWay.add(append);
    try {
      const positions = await this.#log.append(...call);
      this.#latency.took(performance.now() - append.begun);
      this.#fault = undefined;
      return positions;
    } catch (error) {
      this.#fault = error instanceof LogFull ? 'it is full' : 'it takes no records any more';
      throw error;
    } finally {
      this.#underWay.delete(append);
    }
  }

  /** Why records cannot be appended, as far as the last appends tell; a tick at least tries every minute. */
  fault(): string | undefined {
    const [oldest] = this.#underWay;
    const waited = oldest === undefined ? 0 : performance.now() - oldest.begun;
    if (waited < STALLED_MILLISECONDS) return this.#fault;
    return `an append has waited for ${Math.floor(waited / 1000)} s`;
  }
}
