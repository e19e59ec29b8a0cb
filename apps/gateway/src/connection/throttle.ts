import type { Limited } from '@chargeproof/record';
import type { Bucket } from '../limits/bucket.ts';
import type { ConnectionIdentity } from './identity.ts';

type Told = { readonly from: number; to: number; pauses: number; paused: number };

/** How fast a station may talk. Whoever talks faster is not read for a while, and the record says so. */
export class Throttle {
  readonly #bucket: Bucket;
  readonly #identity: Pick<ConnectionIdentity, 'elapsed'>;
  readonly #hold: (isHeld: boolean) => void;
  #timer: NodeJS.Timeout | undefined;
  /** What is not told yet. A pause that lasts is told up to `to`. */
  #told: Told | undefined;

  /** @param bucket of its station, over all its sockets */
  constructor(
    bucket: Bucket,
    identity: Pick<ConnectionIdentity, 'elapsed'>,
    hold: (isHeld: boolean) => void,
  ) {
    this.#bucket = bucket;
    this.#identity = identity;
    this.#hold = hold;
  }

  /** A frame or a ping came. What its socket had read already comes too, and is owed. */
  took(): void {
    const seconds = this.#bucket.owe();
    if (seconds === 0 || this.#timer !== undefined) return;
    const now = this.#identity.elapsed();
    this.#told ??= { from: now, to: now, pauses: 0, paused: 0 };
    this.#told.to = now;
    this.#told.pauses += 1;
    this.#hold(true);
    this.#goOnIn(seconds);
  }

  /** What there is to tell since this was last asked. */
  take(): Limited | undefined {
    const now = this.#identity.elapsed();
    this.#countPause(now);
    const told = this.#told;
    this.#told = this.#timer === undefined ? undefined : { from: now, to: now, pauses: 0, paused: 0 };
    return told && { direction: 'station-to-csms', perSecond: this.#bucket.perSecond, ...told };
  }

  /** Its socket is over. What there is to tell stays. */
  stop(): void {
    this.#countPause(this.#identity.elapsed());
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #goOnIn(seconds: number): void {
    this.#timer = setTimeout(
      () => {
        const { owed } = this.#bucket;
        if (owed > 0) {
          this.#goOnIn(owed);
          return;
        }
        this.stop();
        this.#hold(false);
      },
      Math.ceil(seconds * 1000),
    ).unref();
  }

  #countPause(now: number): void {
    if (this.#timer === undefined || this.#told === undefined) return;
    this.#told.paused += now - this.#told.to;
    this.#told.to = now;
  }
}
