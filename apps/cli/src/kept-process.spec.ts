import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keepProcess } from './kept-process.ts';
import { type Managed, type Ready, StartFailed } from './processes.ts';

vi.mock(import('node:timers/promises'), () => ({ setTimeout: vi.fn() }));

const READY: Ready = { address: 'http://127.0.0.1:4000' };
const NEVER = new AbortController().signal;
let waited: number[];
let said: string[];

beforeEach(() => {
  waited = [];
  said = [];
  vi.mocked(pause).mockImplementation((milliseconds = 0, value) => {
    waited.push(milliseconds);
    return Promise.resolve(value as never);
  });
});

/** Ends when it is told, by itself or by its supervisor. */
class Fake implements Managed {
  readonly name = 'api';
  readonly ready = READY;
  readonly #end = Promise.withResolvers<number>();
  readonly ended = this.#end.promise;
  stops = 0;
  endsBy(code: number): void {
    this.#end.resolve(code);
  }
  stop(): Promise<void> {
    this.stops++;
    this.endsBy(0);
    return Promise.resolve();
  }
}

/** What each start comes to: a process, or the code that it ends with before it is ready. */
function startsOf(...outcomes: readonly (Fake | number)[]) {
  const left = [...outcomes];
  const starts: (Ready | undefined)[] = [];
  const start = (first?: Ready) => {
    starts.push(first);
    const next = left.shift();
    return next instanceof Fake ? Promise.resolve(next) : Promise.reject(new StartFailed('api', next ?? 99));
  };
  const say = (line: string) => said.push(line);
  const ending = new AbortController();
  const keep = (mustStart = false) => keepProcess({ start, mustStart, say, ending: ending.signal });
  return { starts, keep, ending };
}

describe('a process that is kept', () => {
  it('is started again where it was, each time later, however often it fails, and says how often', async () => {
    const [first, last] = [new Fake(), new Fake()];
    const { keep, starts } = startsOf(first, 1, 1, 1, 1, 1, 1, 1, last);
    const kept = await keep();
    first.endsBy(137);
    await expect.poll(() => starts.length).toBe(9);
    expect(starts).toEqual([undefined, ...Array<Ready>(8).fill(READY)]);
    expect(waited).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(said.slice(0, 2)).toEqual([
      'api ended by itself with 137; it is started again in 0.5 s, time 1.',
      'api ended by itself with 1; it is started again in 1 s, time 2.',
    ]);
    await kept.stop();
    expect([first.stops, last.stops]).toEqual([0, 1]);
    expect(await kept.ended).toBe(0);
    expect(said).toHaveLength(8);
  });

  it('begins with the shortest pause again once it has run for a minute', async () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    const [first, second, third, last] = [new Fake(), new Fake(), new Fake(), new Fake()];
    const kept = await startsOf(first, second, third, last).keep();
    first.endsBy(1);
    await expect.poll(() => waited.length).toBe(1);
    second.endsBy(1);
    await expect.poll(() => waited.length).toBe(2);
    clock.mockReturnValue(60_001);
    third.endsBy(1);
    await expect.poll(() => waited).toEqual([500, 1000, 500]);
    clock.mockRestore();
    await kept.stop();
  });

  it('is given up where it must start and does not', async () => {
    const first = new Fake();
    const { keep, starts } = startsOf(first, 3, new Fake());
    const kept = await keep(true);
    first.endsBy(137);
    expect(await kept.ended).toBe(3);
    expect(starts).toHaveLength(2);
    await kept.stop();
  });

  it('is not started again when it is stopped, also between an end and a start, or during one', async () => {
    const [waiting, starting, late] = [new Fake(), new Fake(), new Fake()];
    vi.mocked(pause).mockImplementationOnce(
      (_, __, { signal } = {}) =>
        new Promise((_resolve, reject) =>
          signal?.addEventListener('abort', () => {
            reject(new Error('aborted'));
          }),
        ),
    );
    const between = startsOf(waiting, new Fake());
    const first = await between.keep();
    waiting.endsBy(1);
    await expect.poll(() => said.length).toBe(1);
    await first.stop();
    expect(between.starts).toHaveLength(1);

    const coming = Promise.withResolvers<Managed>();
    const starts = [Promise.resolve<Managed>(starting), coming.promise];
    const start = vi.fn(() => starts.shift() ?? Promise.reject(new Error('no more')));
    const second = await keepProcess({ start, mustStart: false, say: () => undefined, ending: NEVER });
    starting.endsBy(1);
    await expect.poll(() => start.mock.calls.length).toBe(2);
    const stopped = second.stop();
    coming.resolve(late);
    await stopped;
    expect(late.stops).toBe(1);
    expect(start).toHaveBeenCalledTimes(2);
  });

  it('that ends by itself while all are ended is not started again, and nothing is said of it', async () => {
    const process = new Fake();
    const { keep, starts, ending } = startsOf(process, new Fake());
    const kept = await keep();
    ending.abort();
    process.endsBy(0);
    expect(await kept.ended).toBe(0);
    expect([starts.length, said.length]).toEqual([1, 0]);
    await kept.stop();
  });

  it('that does not come up at its first start says so to whoever wanted it', async () => {
    await expect(startsOf(2).keep()).rejects.toThrow(StartFailed);
  });
});
