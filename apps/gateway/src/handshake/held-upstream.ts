import type { Refusal } from './refusal.ts';
import { UpstreamHandshake, type UpstreamAnswer, type UpstreamRequest } from './upstream.ts';

/** Upgrades held at once. Each asks again by itself, and those beyond are refused as if none were held. */
const MOST_HELD = 1000;
/** Between two attempts, in milliseconds; half of it is chance, so that a fleet does not ask in one breath. */
const PAUSE = 2000;
/** What a CSMS, or the proxy before it, says that will be back. */
const DOWN_STATUS: ReadonlySet<number> = new Set([502, 503, 504]);

const isDown = ({ reason, status }: Refusal) =>
  reason === 'upstream-unreachable' ||
  reason === 'upstream-timeout' ||
  (reason === 'upstream-refused' && DOWN_STATUS.has(status));

/** Upgrades that wait for an upstream that is down. The station is promised nothing meanwhile. */
export class Holding {
  readonly #milliseconds: number;
  #held = 0;

  /** @param seconds 0 holds none */
  constructor(seconds: number) {
    this.#milliseconds = seconds * 1000;
  }

  /** @returns when it has to end, undefined where it may not begin */
  begin(): number | undefined {
    if (this.#milliseconds === 0 || this.#held >= MOST_HELD) return undefined;
    this.#held += 1;
    return performance.now() + this.#milliseconds;
  }

  end(): void {
    this.#held -= 1;
  }
}

/** A handshake with an upstream that is tried again while that is down. */
export class HeldUpstream {
  readonly answer: Promise<UpstreamAnswer>;
  readonly #request: UpstreamRequest;
  readonly #holding: Holding;
  #handshake: UpstreamHandshake | undefined;
  #givenUp: Refusal | undefined;
  #wake: () => void = () => undefined;

  constructor(request: UpstreamRequest, holding: Holding) {
    this.#request = request;
    this.#holding = holding;
    this.answer = this.#ask();
  }

  /** Nobody waits for the answer any more. It has no effect on an answer that was given. */
  giveUp(refusal: Refusal): void {
    this.#givenUp ??= refusal;
    this.#handshake?.giveUp(refusal);
    this.#wake();
  }

  async #ask(): Promise<UpstreamAnswer> {
    const first = await this.#askOnce();
    if (!this.#isToAskAgain(first)) return first;
    const until = this.#holding.begin();
    if (until === undefined) return first;
    try {
      return await this.#askUntil(until, first);
    } finally {
      this.#holding.end();
    }
  }

  async #askUntil(until: number, first: UpstreamAnswer): Promise<UpstreamAnswer> {
    let answer = first;
    while (this.#isToAskAgain(answer) && performance.now() < until) {
      await this.#pause(Math.min(PAUSE * (0.5 + Math.random() / 2), until - performance.now()));
      if (this.#givenUp !== undefined) return { ...answer, refusal: this.#givenUp };
      answer = await this.#askOnce();
    }
    return answer;
  }

  #askOnce(): Promise<UpstreamAnswer> {
    this.#handshake = new UpstreamHandshake(this.#request);
    return this.#handshake.answer;
  }

  #isToAskAgain(answer: UpstreamAnswer): answer is UpstreamAnswer & { readonly refusal: Refusal } {
    return this.#givenUp === undefined && 'refusal' in answer && isDown(answer.refusal);
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
