import { EventEmitter, once } from 'node:events';
import type { Watch } from '@chargeproof/log';

/**
 * What the owner of a log appends to one topic. Nobody else does, so there is nothing to look for: who follows commands
 * pays nothing for frames.
 */
export class OwnAppends implements Watch {
  readonly #events = new EventEmitter().setMaxListeners(0);
  #version = 0;

  appended(): void {
    this.#version += 1;
    this.#events.emit('append');
  }

  version(): number {
    return this.#version;
  }

  async changed(seen: number, signal: AbortSignal): Promise<void> {
    if (this.#version !== seen || signal.aborted) return;
    await once(this.#events, 'append', { signal }).catch(() => undefined);
  }
}
