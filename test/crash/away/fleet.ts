import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** A call that a station sent and saw answered, with the bytes of both, in the order of the answers. */
export type Answered = {
  readonly station: string;
  /** The station's own count of its sockets. */
  readonly socket: number;
  readonly id: string;
  readonly call: string;
  readonly answer: string;
  readonly at: number;
};

const PATIENCE_MILLISECONDS = 15_000;
const BETWEEN_MILLISECONDS = 50;
const AGAIN_MILLISECONDS = 100;

/**
 * Stations that speak on and on: each sends a call, waits for its answer, and sends the next. One whose socket ends
 * connects again and says nothing twice, so that what is in the log twice was doubled there.
 */
export class Fleet {
  readonly answered: Answered[] = [];
  /** Calls that came back as errors: nobody is to be told that there is no room. */
  readonly errors: string[] = [];
  /** Calls that had no answer when their socket ended, or in {@link PATIENCE_MILLISECONDS}. */
  readonly unanswered: string[] = [];
  readonly #address: () => string;
  readonly #lives: readonly Promise<void>[];
  #isOver = false;

  constructor(address: () => string, stations: number) {
    this.#address = address;
    this.#lives = Array.from({ length: stations }, (_, index) => this.#live(`AWAY-${index}`));
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#lives);
  }

  answeredBetween(from: number, to: number): number {
    return this.answered.filter(({ at }) => at >= from && at <= to).length;
  }

  async #live(station: string): Promise<void> {
    for (let socket = 0, next = 0; !this.#isOver; socket += 1) {
      next = await this.#connection(station, socket, next).catch(() => next);
      await pause(AGAIN_MILLISECONDS);
    }
  }

  /** @returns the number of the next call */
  async #connection(station: string, socket: number, first: number): Promise<number> {
    const wire = new WebSocket(`${this.#address()}/ocpp/${station}`, ['ocpp1.6'], {
      perMessageDeflate: false,
    });
    let heard: (text: string | undefined) => void = () => undefined;
    wire.on('message', (data) => {
      heard((data as Buffer).toString());
    });
    const closed = new Promise<undefined>((resolve) =>
      wire.on('close', () => {
        resolve(undefined);
      }),
    );
    const opened = new Promise<true>((resolve) =>
      wire.on('open', () => {
        resolve(true);
      }),
    );
    wire.on('error', () => undefined);
    let next = first;
    if ((await Promise.race([opened, closed])) === undefined) return next;
    const isOver = () => this.#isOver;
    while (!isOver()) {
      const id = `${station}.${next++}`;
      const call = `[2,"${id}","Heartbeat",{}]`;
      const answer = new Promise<string | undefined>((resolve) => (heard = resolve));
      wire.send(call);
      const said = await Promise.race([
        answer,
        closed,
        pause(PATIENCE_MILLISECONDS, undefined, { ref: false }),
      ]);
      if (said === undefined) {
        this.unanswered.push(id);
        break;
      }
      if (said.startsWith('[4')) this.errors.push(said);
      this.answered.push({ station, socket, id, call, answer: said, at: Date.now() });
      await pause(BETWEEN_MILLISECONDS);
    }
    wire.terminate();
    return next;
  }
}
