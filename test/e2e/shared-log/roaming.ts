import { setTimeout as pause } from 'node:timers/promises';
import { connect, End } from '../gateway/ends.ts';

/** A station that comes back to wherever the balancer leads it, and asks one thing after the other. */
export class Roaming {
  readonly identity: string;
  readonly answered: string[] = [];
  readonly sent = new Set<string>();
  readonly closes: number[] = [];
  readonly #url: string;
  #isOver = false;
  #nth = 0;

  constructor(identity: string, base: string) {
    this.identity = identity;
    this.#url = `${base}/ocpp/${identity}`;
  }

  /** Until it is told to end. */
  async live(): Promise<void> {
    while (!this.#isOver) {
      const end = await connect(this.#url, ['ocpp1.6']).catch(() => undefined);
      if (end instanceof End) await this.#talk(end);
      else await pause(50);
    }
  }

  end(): void {
    this.#isOver = true;
  }

  async #talk(end: End): Promise<void> {
    const closed = end.closed.then(({ code }) => {
      this.closes.push(code);
      return undefined;
    });
    for (;;) {
      if (this.#isOver) end.socket.close(1000);
      else if (end.socket.readyState === end.socket.OPEN) this.#ask(end);
      const told = await Promise.race([closed, answerOf(end)]);
      if (told === undefined) return;
      this.answered.push(told);
      await pause(20);
    }
  }

  #ask(end: End): void {
    const id = `${this.identity}.${this.#nth++}`;
    this.sent.add(id);
    end.send(`[2,"${id}","Heartbeat",{}]`);
  }
}

const answerOf = (end: End) =>
  new Promise<string>((resolve) => {
    end.socket.once('message', (data) => {
      const [, id] = JSON.parse((data as Buffer).toString()) as [number, string];
      resolve(id);
    });
  });
