import { EventEmitter, once } from 'node:events';
import { quantile } from '../numbers.ts';
import { openSocket } from './open-socket.ts';
import { maskedText } from './raw-websocket.ts';

/**
 * The stations of the load tests, a process of its own: each keeps one CALL in flight. Its parent sends
 * a {@link LoadOrder}; it answers with a {@link LoadResult}.
 */
export type LoadOrder = {
  /** Base URL; `/<station>` is appended. */
  readonly url: string;
  readonly stations: number;
  /** Counted seconds, after the warm-up; `end` cuts them short. */
  readonly seconds: number;
  readonly warmupSeconds: number;
  /** Texts of CALLs with `@ID@` for the message id, sent in turn. */
  readonly calls: readonly string[];
  /** Calls a second over all stations; as fast as answers come where absent. */
  readonly callsPerSecond?: number;
};
/** Said while an order is carried out: what follows is another phase; that was long enough. */
export type Word = 'next' | 'end';
export type Quantiles = { readonly p50Ms: number; readonly p99Ms: number; readonly p999Ms: number };
export type LoadResult = Quantiles & {
  /** Answered in the counted seconds. */
  readonly calls: number;
  /** With those of the warm-up. */
  readonly allCalls: number;
  readonly seconds: number;
  readonly bytes: number;
  /** Each by itself, where it was told when they end. */
  readonly phases: readonly Quantiles[];
};

type Station = { call(): void; close(): void };
type Counting = { counting: boolean; latencies: number[]; bytes: number; all: number };

async function openStation(
  order: LoadOrder,
  index: number,
  count: Counting,
  again: (station: Station) => void,
): Promise<Station> {
  const url = new URL(`${order.url}/CP-${index}`);
  let sequence = 0;
  let sentAt = 0;
  const socket = await openSocket(url, (payload) => {
    count.all += 1;
    if (count.counting) {
      count.latencies.push(performance.now() - sentAt);
      count.bytes += payload.length;
    }
    again(station);
  });
  const station: Station = {
    call: () => {
      const text = (order.calls[sequence % order.calls.length] ?? '').replace('@ID@', String(++sequence));
      const bytes = Buffer.from(text);
      sentAt = performance.now();
      if (count.counting) count.bytes += bytes.length;
      socket.write(maskedText(bytes));
    },
    close: () => socket.destroy(),
  };
  return station;
}

async function run(order: LoadOrder, words: EventEmitter): Promise<LoadResult> {
  const count: Counting = { counting: false, latencies: [], bytes: 0, all: 0 };
  const stations: Station[] = [];
  let stopped = false;
  const paused = order.callsPerSecond === undefined ? undefined : new Set<Station>();
  const again = (station: Station) => {
    if (stopped) return;
    if (paused) paused.add(station);
    else station.call();
  };
  for (let i = 0; i < order.stations; i++) stations.push(await openStation(order, i, count, again));
  const pacer = paused && paceCalls(paused, order.callsPerSecond ?? 0);
  for (const station of stations) again(station);
  await seconds(order.warmupSeconds);
  const from = performance.now();
  count.counting = true;
  const starts = [0];
  words.on('next', () => starts.push(count.latencies.length));
  await Promise.race([seconds(order.seconds), once(words, 'end')]);
  count.counting = false;
  const took = (performance.now() - from) / 1000;
  stopped = true;
  clearInterval(pacer);
  for (const station of stations) station.close();
  const { latencies } = count;
  return {
    calls: latencies.length,
    allCalls: count.all,
    seconds: took,
    bytes: count.bytes,
    phases: starts.map((start, phase) => quantilesOf(latencies.slice(start, starts[phase + 1]))),
    ...quantilesOf(latencies),
  };
}

const quantilesOf = (latencies: readonly number[]): Quantiles => ({
  p50Ms: quantile(latencies, 0.5),
  p99Ms: quantile(latencies, 0.99),
  p999Ms: quantile(latencies, 0.999),
});

/** Starts so many calls a second among the stations that wait, in steps of a millisecond. */
function paceCalls(waiting: Set<Station>, callsPerSecond: number): NodeJS.Timeout {
  const started = performance.now();
  let made = 0;
  return setInterval(() => {
    const wanted = ((performance.now() - started) / 1000) * callsPerSecond;
    for (const station of waiting) {
      if (made >= wanted) return;
      made++;
      waiting.delete(station);
      station.call();
    }
    made = Math.max(made, Math.floor(wanted) - waiting.size);
  }, 1);
}

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

process.send?.({ address: '' });
let words = new EventEmitter();
process.on('message', (order: LoadOrder | Word) => {
  if (typeof order === 'string') {
    words.emit(order);
    return;
  }
  words = new EventEmitter();
  run(order, words).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
