import type { LegPings } from '@chargeproof/record';
import type { Clock } from '../clock.ts';

/** Measures the pings of one leg, theirs and ours. */
export class PingMeter {
  readonly #clock: Clock;
  #seen = 0;
  #lastSeen: number | undefined;
  #shortest: number | undefined;
  #longest: number | undefined;
  #sent = 0;
  #unanswered = 0;
  #roundTrip: number | undefined;
  #outstanding: { readonly sent: number; readonly data: Buffer } | undefined;
  #serial = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  seen(): void {
    const now = this.#clock.monotonic();
    if (this.#lastSeen !== undefined) {
      const gap = now - this.#lastSeen;
      this.#shortest = Math.min(gap, this.#shortest ?? gap);
      this.#longest = Math.max(gap, this.#longest ?? gap);
    }
    this.#lastSeen = now;
    this.#seen += 1;
  }

  /** Whether a ping of ours is neither answered nor given up. */
  get isOut(): boolean {
    return this.#outstanding !== undefined;
  }

  /** @returns the ping's payload, by which its pong is known */
  sending(): Buffer {
    const data = Buffer.alloc(4);
    data.writeUInt32BE(this.#serial++ >>> 0);
    this.#outstanding = { sent: this.#clock.monotonic(), data };
    this.#sent += 1;
    return data;
  }

  /** A pong that nobody asked for is allowed (RFC 6455, 5.5.3) and measures nothing. */
  answered(data: Buffer): void {
    if (this.#outstanding?.data.equals(data) !== true) return;
    this.#roundTrip = this.#clock.monotonic() - this.#outstanding.sent;
    this.#outstanding = undefined;
  }

  /** Counts the ping that is still out as unanswered. @returns whether there was one */
  givenUp(): boolean {
    if (this.#outstanding === undefined) return false;
    this.#outstanding = undefined;
    this.#unanswered += 1;
    return true;
  }

  /** The figures since this was last asked. The round trip is that of the last answered ping. */
  take(): LegPings {
    const figures = {
      seen: this.#seen,
      ...(this.#shortest !== undefined && { shortestGap: this.#shortest }),
      ...(this.#longest !== undefined && { longestGap: this.#longest }),
      sent: this.#sent,
      unanswered: this.#unanswered,
      ...(this.#roundTrip !== undefined && { roundTrip: this.#roundTrip }),
    };
    this.#seen = this.#sent = this.#unanswered = 0;
    this.#shortest = this.#longest = undefined;
    return figures;
  }
}
