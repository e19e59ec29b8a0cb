import { EventEmitter, once, setMaxListeners } from 'node:events';
import type { Watch } from '@chargeproof/log';

/** Between two looks at the files: short while records come, longer when none have for a while. */
const SHORTEST_MILLISECONDS = 5;
const LONGEST_MILLISECONDS = 25;
const GROWTH = 1.5;

/**
 * Finds out that another process appended, by looking every few milliseconds, on one timer for all who wait, because it
 * is the waking that costs, not the look.
 */
export class ChangeWatch implements Watch {
  readonly #look: () => string;
  readonly #events = new EventEmitter();
  #looked = '';
  #version = 0;
  #waiting = 0;
  #wait = SHORTEST_MILLISECONDS;
  #timer: NodeJS.Timeout | undefined;

  /** @param look something that is another when something was appended */
  constructor(look: () => string) {
    this.#look = look;
    this.#events.setMaxListeners(0);
  }

  /** A number that changes when something is appended. */
  version(): number {
    const looked = this.#look();
    if (looked !== this.#looked) {
      this.#looked = looked;
      this.#version += 1;
    }
    return this.#version;
  }

  /** Settles when the version is no more what was seen, or on abort. Rejects with what looking throws. */
  async changed(seen: number, signal: AbortSignal): Promise<void> {
    setMaxListeners(0, signal);
    this.#waiting += 1;
    try {
      while (this.version() === seen && !signal.aborted) {
        this.#timer ??= setTimeout(this.#tick, this.#wait);
        await once(this.#events, 'look', { signal }).catch(() => undefined);
      }
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#stop();
    }
  }

  readonly #tick = () => {
    this.#timer = undefined;
    this.#wait = Math.min(this.#wait * GROWTH, LONGEST_MILLISECONDS);
    this.#events.emit('look');
  };

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wait = SHORTEST_MILLISECONDS;
  }
}
