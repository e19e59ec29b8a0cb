import { EventEmitter } from 'node:events';
import { type Seen, seen } from '../../e2e/gateway/ends.ts';

/** A frame that a station handed to its socket. */
export type Sent = {
  readonly frame: Seen;
  /** Milliseconds of the wall clock, before it was handed over. */
  readonly at: number;
  /** After its answer had come. */
  answeredAt?: number;
};

/** A process that was killed. */
export type Kill = {
  readonly victim: string;
  /** Milliseconds of the wall clock, around the signal and the process's end. */
  readonly at: number;
  gone?: number;
  /** CALLs that had been with the gateway's socket for a millisecond or longer, and were not answered. */
  readonly inFlight: number;
};

/** On loopback a frame is with its reader at once; what was written within the last millisecond may not be. */
const UNDER_WAY_FOR = 1;

/** One try of a station to have a connection, and what the station saw of it. */
export class Attempt {
  readonly station: string;
  readonly number: number;
  readonly begun = Date.now();
  /** When the station was told that its socket is open; absent: it never was. */
  opened: number | undefined;
  ended: number | undefined;
  readonly sent: Sent[] = [];
  readonly got: Seen[] = [];
  readonly #told: EventEmitter;

  constructor(station: string, number: number, told: EventEmitter) {
    this.station = station;
    this.number = number;
    this.#told = told;
  }

  sends(data: string): Sent {
    const sent: Sent = { frame: seen(Buffer.from(data), false), at: Date.now() };
    this.sent.push(sent);
    return sent;
  }

  gets(data: Buffer, binary: boolean): void {
    this.got.push(seen(data, binary));
  }

  answered(sent: Sent): void {
    sent.answeredAt = Date.now();
    this.#told.emit('answered');
  }

  /** How many frames of the station, from its first, must be there: up to the last one that was answered. */
  get proven(): number {
    return this.sent.findLastIndex(({ answeredAt }) => answeredAt !== undefined) + 1;
  }
}

/** What the stations did and saw, kept by another process than those that are killed. */
export class WireLedger {
  readonly attempts: Attempt[] = [];
  readonly kills: Kill[] = [];
  answered = 0;
  readonly #told = new EventEmitter().on('answered', () => (this.answered += 1));
  /** CALLs of open connections that await their answers. */
  readonly awaiting = new Set<Sent>();

  begin(station: string): Attempt {
    const attempt = new Attempt(station, this.attempts.length, this.#told);
    this.attempts.push(attempt);
    return attempt;
  }

  /** Resolves when so many frames have been answered. */
  async untilAnswered(count: number, signal: AbortSignal): Promise<void> {
    while (this.answered < count) {
      await new Promise<void>((resolve, reject) => {
        const stop = () => {
          reject(new Error(`only ${this.answered} of ${count} frames were answered`));
        };
        signal.addEventListener('abort', stop, { once: true });
        this.#told.once('answered', () => {
          signal.removeEventListener('abort', stop);
          resolve();
        });
      });
    }
  }

  /** To be called right before the signal is sent. */
  killing(victim: string): Kill {
    const at = Date.now();
    const inFlight = [...this.awaiting].filter((sent) => at - sent.at >= UNDER_WAY_FOR).length;
    const kill: Kill = { victim, at, inFlight };
    this.kills.push(kill);
    return kill;
  }
}
