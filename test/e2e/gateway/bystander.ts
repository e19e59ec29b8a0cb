import { once } from 'node:events';
import type { End } from './ends.ts';

/** Exchanges after the work: whatever it broke must show. */
const EXCHANGES_AFTER = 3;

/** A station that goes on talking while others misbehave: each CALL waits for the answer to the one before. */
export class Bystander {
  readonly end: End;
  readonly #answers: string[] = [];

  constructor(end: End) {
    this.end = end;
    end.socket.on('message', (data) => this.#answers.push((data as Buffer).toString()));
  }

  /** Talks until the work is done and a few exchanges more. @returns how many exchanges that were, in order */
  async during(work: () => Promise<void>): Promise<number> {
    const state = { done: false };
    const working = work().finally(() => {
      state.done = true;
    });
    let exchanges = 0;
    for (let more = EXCHANGES_AFTER; more > 0; exchanges += 1) {
      await this.#exchange();
      if (state.done) more -= 1;
    }
    await working;
    return exchanges;
  }

  async #exchange(): Promise<void> {
    const number = this.#answers.length;
    const answered = once(this.end.socket, 'message');
    this.end.send(`[2,"by-${number}","Heartbeat",{}]`);
    await answered;
    const answer = this.#answers[number];
    if (answer !== `[3,"by-${number}",{}]`)
      throw new Error(`exchange ${number} was answered ${answer ?? ''}`);
  }
}
