import { answer, type Answered, NEW_STATION, type StationState } from '@chargeproof/central-system';
import { readFrame } from '@chargeproof/ocpp';
import type { Clock } from '../clock.ts';
import { AnsweredStations } from './answered-stations.ts';
import { AnsweringEnd, type AnsweringOptions } from './answering-end.ts';

/** Where transaction ids come from; undefined where none can be had. */
export type TransactionIds = { take(): number | undefined };

/** The one subprotocol it speaks. */
export const ANSWERED_SUBPROTOCOL = 'ocpp1.6';

/** The built-in central system of this run: what it knows of each station outlives the station's connections. */
export class CentralSystem {
  readonly stations = new AnsweredStations();
  readonly #clock: Clock;
  readonly #transactionIds: TransactionIds;
  /** By key; a station of which nothing is kept is not here. */
  readonly #states = new Map<string, StationState>();

  constructor(clock: Clock, transactionIds: TransactionIds) {
    this.#clock = clock;
    this.#transactionIds = transactionIds;
  }

  /** Itself at the end of a connection that begins. */
  endOf(options: Omit<AnsweringOptions, 'answer' | 'watch'>): AnsweringEnd {
    return new AnsweringEnd({
      ...options,
      answer: (data, opcode) => this.answer(options.identity.key, data, opcode),
      watch: this.stations,
    });
  }

  answer(station: string, data: Uint8Array, opcode: 'text' | 'binary'): Answered {
    const before = this.#states.get(station) ?? NEW_STATION;
    const answered = answer(before, readFrame(data, opcode), {
      now: this.#clock.wall(),
      takeTransactionId: () => this.#transactionIds.take(),
    });
    if (answered.state.starts.size === 0) this.#states.delete(station);
    else this.#states.set(station, answered.state);
    return answered;
  }
}
