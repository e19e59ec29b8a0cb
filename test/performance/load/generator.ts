import { connect } from 'node:net';
import { frameReader, maskedText, upgradeRequest } from './raw-websocket.ts';

/**
 * The stations of the load tests, a process of its own: each keeps one CALL in flight. Its parent sends
 * `{ url, stations, seconds, warmup, frames }`; it answers `{ calls, seconds, p50, p99, cpuMicros }`.
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
  readonly cpuMicros: number;
};

type Station = { call(): void; close(): void };
type Counting = { counting: boolean; latencies: number[]; bytes: number; all: number };

async function openStation(
  order: LoadOrder,
  index: number,
  count: Counting,
  again: (station: Station) => void,
): Promise<Station> {
  const url = new URL(order.url);
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
  let sequence = 0;
  let sentAt = 0;
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
  const read = frameReader((payload) => {
    count.all += 1;
    if (count.counting) {
      count.latencies.push(performance.now() - sentAt);
      count.bytes += payload.length;
    }
    again(station);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.write(upgradeRequest(url.host, `${url.pathname}/CP-${index}`));
    socket.once('data', (chunk) => {
      if (!chunk.toString('latin1').startsWith('HTTP/1.1 101')) reject(new Error(chunk.toString('latin1')));
      socket.on('data', read);
      resolve();
    });
  });
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
  const cpu = process.cpuUsage();
  const from = performance.now();
  count.counting = true;
  await seconds(order.seconds);
  count.counting = false;
  const took = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  stopped = true;
  clearInterval(pacer);
  for (const station of stations) station.close();
  const sorted = Float64Array.from(count.latencies).sort();
  const quantile = (q: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
  return {
    calls: sorted.length,
    allCalls: count.all,
    seconds: took,
    bytes: count.bytes,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    cpuMicros: user + system,
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
