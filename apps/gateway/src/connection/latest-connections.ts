import type { ConnectionId } from '@chargeproof/record';
import { Recent } from '../limits/recent.ts';

/** Of stations that have gone: some 50,000. In profile 0 anybody can make up names. */
const MOST_BYTES_GONE = 16 * 1024 * 1024;
/** With an id of some 50 characters. */
const NOTED_BYTES = 150;

type Noted = {
  readonly id: ConnectionId;
  /** Of all handshakes that were recorded, which one it was. */
  readonly turn: number;
};

/**
 * Which connection of each station came last, of those whose handshake is durable: what a record names is in the log. Of
 * stations that have gone the longest gone are forgotten; their next record then says that the previous connection is
 * unknown.
 */
export class LatestConnections {
  /** By key, each as long as it is open: so many as there are sockets. */
  readonly #open = new Map<string, Noted>();
  readonly #gone: Recent<Noted>;
  #turn = 0;

  constructor(gone = new Recent<Noted>(MOST_BYTES_GONE, () => NOTED_BYTES)) {
    this.#gone = gone;
  }

  of(key: string): ConnectionId | undefined {
    return this.#noted(key)?.id;
  }

  /**
   * Its handshake is being recorded. @returns what is to be called once that is durable. Of two that open at once the
   * latest is the one that was recorded later, whichever of them is durable first.
   */
  opening(key: string, id: ConnectionId): () => void {
    const noted = { id, turn: this.#turn++ };
    return () => {
      if ((this.#noted(key)?.turn ?? -1) > noted.turn) return;
      this.#gone.take(key);
      this.#open.set(key, noted);
    };
  }

  /** One that was followed by another before its end came is forgotten already. */
  ended(key: string, id: ConnectionId): void {
    const noted = this.#open.get(key);
    if (noted?.id !== id) return;
    this.#open.delete(key);
    this.#gone.set(key, noted);
  }

  #noted(key: string): Noted | undefined {
    return this.#open.get(key) ?? this.#gone.get(key);
  }
}
