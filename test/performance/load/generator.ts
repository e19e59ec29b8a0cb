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
  /** Counted seconds, after the warm-up. */
  readonly seconds: number;
  readonly warmupSeconds: number;
  /** Texts of CALLs with `@ID@` for the message id, sent in turn. */
  readonly calls: readonly string[];
  /** Calls a second over all stations; as fast as answers come where absent. */
  readonly callsPerSecond?: number;
};
export type LoadResult = {
  /** Answered in the counted seconds. */
  readonly calls: number;
  /** With those of the warm-up. */
  readonly allCalls: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
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

async function run(order: LoadOrder): Promise<LoadResult> {
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
  await seconds(order.seconds);
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
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    p999Ms: quantile(latencies, 0.999),
  };
}

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
process.on('message', (order: LoadOrder) => {
  run(order).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
