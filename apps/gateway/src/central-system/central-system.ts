import { answer, type Answered, NEW_STATION, type StationState } from '@chargeproof/central-system';
import { readFrame } from '@chargeproof/ocpp';
import type { Clock } from '../clock.ts';

/** Where transaction ids come from; undefined where none can be had. */
export type TransactionIds = { take(): number | undefined };

/** The one subprotocol it speaks. */
export const ANSWERED_SUBPROTOCOL = 'ocpp1.6';

/** The built-in central system of this run: what it knows of each station outlives the station's connections. */
export class CentralSystem {
  readonly #clock: Clock;
  readonly #transactionIds: TransactionIds;
  /** By key; a station of which nothing is kept is not here. */
  readonly #stations = new Map<string, StationState>();

  constructor(clock: Clock, transactionIds: TransactionIds) {
    this.#clock = clock;
    this.#transactionIds = transactionIds;
  }

  answer(station: string, data: Uint8Array, opcode: 'text' | 'binary'): Answered {
    const before = this.#stations.get(station) ?? NEW_STATION;
    const answered = answer(before, readFrame(data, opcode), {
      now: this.#clock.wall(),
      takeTransactionId: () => this.#transactionIds.take(),
    });
    if (answered.state.starts.size === 0) this.#stations.delete(station);
    else this.#stations.set(station, answered.state);
    return answered;
  }
}
