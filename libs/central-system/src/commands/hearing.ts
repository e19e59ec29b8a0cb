import type { ConnectionId, Micros } from '@chargeproof/record';

/** A socket that is there has told so after this time, in microseconds; some chargers answer no ping. */
export const HEARING_PATIENCE: Micros = 2_000_000;

/**
 * A gateway has asked its socket of a station whether it is there, before it claims a command for it. Where several do,
 * the one that hears something claims: a half-open socket answers nobody, and its gateway comes last.
 */
export class Hearing {
  readonly connection: ConnectionId;
  readonly #since: number;
  #isHeard = false;

  /** @param monotonic when it was asked */
  constructor(connection: ConnectionId, monotonic: number) {
    this.connection = connection;
    this.#since = monotonic;
  }

  heard(): void {
    this.#isHeard = true;
  }

  /** Microseconds until the command is claimed all the same; 0 where it may be now. */
  left(monotonic: number): number {
    return this.#isHeard ? 0 : Math.max(0, this.#since + HEARING_PATIENCE - monotonic);
  }
}
