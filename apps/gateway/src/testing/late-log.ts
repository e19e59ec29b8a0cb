import type { Log } from '@chargeproof/log';
import { type Seen, seen } from './wire.ts';
import { withAppend } from './wrapped-log.ts';

/** A log that acknowledges when it is told to, and what it has acknowledged until now. */
export class LateLog {
  readonly acknowledged = new Set<Seen>();
  /** Records that wait to be acknowledged. */
  waiting = 0;
  #held: (() => void)[] = [];
  #holding = false;

  readonly wrap = (log: Log): Log =>
    withAppend(log, async (topic, records) => {
      if (this.#holding) {
        this.waiting += records.length;
        await new Promise<void>((resolve) => this.#held.push(resolve));
        this.waiting -= records.length;
      }
      const positions = await log.append(topic, records);
      for (const { attributes, value } of records) {
        if (attributes.type === 'ocpp.frame.v1')
          this.acknowledged.add(seen(value, attributes.opcode === 'binary'));
      }
      return positions;
    });

  hold(): void {
    this.#holding = true;
  }

  /** Acknowledges what waits, in its order, and from then on at once. */
  release(): void {
    this.#holding = false;
    this.releaseWaiting();
  }

  /** Acknowledges what waits; what comes after it waits again. */
  releaseWaiting(): void {
    for (const resolve of this.#held.splice(0)) resolve();
  }
}
