import { GraphQLError } from 'graphql';

/**
 * One who is told of things as they happen, over an iterator that GraphQL reads. What was not read yet
 * waits; who does not read is ended with an error that says so, so that nobody's memory fills.
 */
export class Subscriber<Told> implements AsyncIterableIterator<Told, undefined> {
  readonly #most: number;
  readonly #waiting: Told[] = [];
  #reader: PromiseWithResolvers<IteratorResult<Told, undefined>> | undefined;
  #read = Promise.withResolvers<null>();
  #ended = false;
  #error: GraphQLError | undefined;
  readonly #onEnd: () => void;

  /** @param most so many things may wait */
  constructor(most: number, onEnd: () => void) {
    this.#most = most;
    this.#onEnd = onEnd;
  }

  tell(told: Told): void {
    if (this.#ended) return;
    if (this.#reader === undefined) {
      this.#waiting.push(told);
      return;
    }
    this.#reader.resolve({ done: false, value: told });
    this.#reader = undefined;
  }

  /** Resolves when it may be told more; after this many milliseconds of not reading it is ended. */
  async ready(patience: number): Promise<void> {
    const began = performance.now();
    while (!this.#ended && this.#waiting.length >= this.#most) {
      const left = patience - (performance.now() - began);
      if (left <= 0) this.end(slow(this.#waiting.length));
      else await Promise.race([this.#read.promise, after(left)]);
    }
  }

  /** What waits is given first, then the error, if there is one. */
  end(error?: GraphQLError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#onEnd();
    if (this.#reader !== undefined && this.#waiting.length === 0) this.#settleEnd(this.#reader);
  }

  next(): Promise<IteratorResult<Told, undefined>> {
    const told = this.#waiting.shift();
    this.#read.resolve(null);
    this.#read = Promise.withResolvers<null>();
    if (told !== undefined) return Promise.resolve({ done: false, value: told });
    const reader = Promise.withResolvers<IteratorResult<Told, undefined>>();
    if (this.#ended) this.#settleEnd(reader);
    else this.#reader = reader;
    return reader.promise;
  }

  return(): Promise<IteratorResult<Told, undefined>> {
    this.#waiting.length = 0;
    this.end();
    this.#read.resolve(null);
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #settleEnd(reader: PromiseWithResolvers<IteratorResult<Told, undefined>>): void {
    if (this.#error === undefined) reader.resolve({ done: true, value: undefined });
    else reader.reject(this.#error);
    this.#error = undefined;
  }
}

const slow = (waiting: number) =>
  new GraphQLError(
    `${waiting} frames wait to be read: the subscriber is too slow, and the subscription ends. Ask for what was missed with frames(filter)`,
    { extensions: { code: 'SLOW_SUBSCRIBER' } },
  );

const after = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
