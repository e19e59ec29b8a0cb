import type { ConnectionId } from '@chargeproof/record';

/** Stations that have gone are remembered up to so many, some 200 bytes each: in profile 0 anybody can make up names. */
const MOST_GONE = 50_000;

/**
 * Which connection of each station came last. Of those that have gone the longest gone are forgotten; a station's next
 * record then says that its previous connection is unknown.
 */
export class LatestConnections {
  readonly #mostGone: number;
  /** By key, each as long as it is open: so many as there are sockets. */
  readonly #open = new Map<string, ConnectionId>();
  /** By key, the longest gone first. */
  readonly #gone = new Map<string, ConnectionId>();

  constructor(mostGone = MOST_GONE) {
    this.#mostGone = mostGone;
  }

  of(key: string): ConnectionId | undefined {
    return this.#open.get(key) ?? this.#gone.get(key);
  }

  opened(key: string, id: ConnectionId): void {
    this.#open.set(key, id);
    this.#gone.delete(key);
  }

  /** One that was followed by another before its end came is forgotten already. */
  ended(key: string, id: ConnectionId): void {
    if (this.#open.get(key) !== id) return;
    this.#open.delete(key);
    this.#gone.set(key, id);
    for (const [longest] of this.#gone) {
      if (this.#gone.size <= this.#mostGone) return;
      this.#gone.delete(longest);
    }
  }
}
