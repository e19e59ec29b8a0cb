import { collectDefaultMetrics, Counter, Gauge, type Metric, Registry } from 'prom-client';
import { BOUNDS, type Latency } from './latency.ts';
import type { Tally } from './tally.ts';

export type Labels = Readonly<Record<string, string | number>>;
/** A value as it stands when it is asked for. */
export type Reading = { readonly value: number; readonly labels?: Labels };
type Read<Value> = () => Value | Promise<Value>;

export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;
/** Milliseconds between looks at the event loop: the default, 10, wakes an idle process 100 times a second. */
const LOOP_LOOK_MILLISECONDS = 100;

/**
 * What one process tells Prometheus. Nothing is counted here: those who work keep plain numbers, and they
 * are read when somebody asks. Labels are words and numbers of ours, never a station's name.
 */
export class Metrics {
  readonly #registry = new Registry();

  constructor() {
    collectDefaultMetrics({
      register: this.#registry,
      eventLoopMonitoringPrecision: LOOP_LOOK_MILLISECONDS,
    });
  }

  /** @param read what only grows; its name ends in `_total` */
  counter(name: string, help: string, read: Read<readonly Reading[]>): void {
    const counter: Counter = new Counter({
      ...this.#named(name, help),
      collect: async () => {
        const readings = await read();
        counter.reset();
        for (const { value, labels = {} } of readings) counter.inc({ ...labels }, value);
      },
    });
  }

  gauge(name: string, help: string, read: Read<readonly Reading[]>): void {
    const gauge: Gauge = new Gauge({
      ...this.#named(name, help),
      collect: async () => {
        const readings = await read();
        gauge.reset();
        for (const { value, labels = {} } of readings) gauge.set({ ...labels }, value);
      },
    });
  }

  /** A counter with one label, the words of a tally. */
  tally(name: string, help: string, label: string, tally: Tally): void {
    this.counter(name, help, () =>
      tally.entries().map(([word, value]) => ({ value, labels: { [label]: word } })),
    );
  }

  /** @param name ends in `_seconds` */
  latency(name: string, help: string, of: readonly { latency: Latency; labels?: Labels }[]): void {
    const full = { name: PREFIX + name, help, type: 'histogram', aggregator: 'sum' };
    const get = () =>
      Promise.resolve({
        ...full,
        values: of.flatMap(({ latency, labels = {} }) => histogramOf(full.name, latency, labels)),
      });
    // The registry asks a metric for its name and for `get`, and takes what that gives as it is.
    this.#registry.registerMetric({ ...full, get } as unknown as Metric);
  }

  /** As Prometheus reads it. Rejects where one of the figures cannot be read. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #named(name: string, help: string) {
    return { name: PREFIX + name, help, labelNames: LABELS, registers: [this.#registry] };
  }
}

const PREFIX = 'chargeproof_';
/** Every label there is: none of them can hold what a station, a tenant or a user wrote. */
const LABELS = ['by', 'direction', 'kind', 'outcome', 'partition', 'reason'];

function histogramOf(name: string, { counts, sumMilliseconds }: Latency, labels: Labels) {
  let below = 0;
  const buckets = [...BOUNDS, Infinity].map((bound, index) => {
    below += counts[index] ?? 0;
    const le = bound === Infinity ? '+Inf' : bound / 1000;
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sumMilliseconds / 1000 },
    { metricName: `${name}_count`, labels, value: below },
  ];
}
