import type { Latency } from './latency.ts';
import type { Metrics, Reading } from './metrics.ts';
import type { Check } from './readiness.ts';

/** What the projection engine says of itself, as far as it is told here. */
export type FoldingFigures = {
  readonly partitions: readonly {
    readonly partition: number;
    /** The first offset that is not in the store. */
    readonly next: number;
    readonly lagSeconds: number | null;
  }[];
  readonly lagRecords: number;
  readonly records: number;
  readonly rows: number;
  readonly batches: Readonly<Record<string, number>>;
  readonly foldMs: number;
  readonly refolded: number;
  readonly snapshots: number;
  readonly streams: number;
  readonly parked: number;
  readonly idleMs: number;
};

/** What the copying of decisions says of itself. */
export type CopyingFigures = { readonly lagRecords: number; readonly lagSeconds: number };

export type Folding = {
  readonly stats: () => Promise<FoldingFigures>;
  /** Undefined while another process copies decisions. */
  readonly copied: () => Promise<CopyingFigures | undefined>;
  /** Rejects when the engine has stopped for good. */
  readonly failed: Promise<never>;
};

/** One look at the log's end serves all figures of a scrape. */
const SAME_LOOK_MILLISECONDS = 500;

/**
 * What a process that folds tells Prometheus of it.
 * @param batches how long each batch took to write
 */
export function foldingMetrics(
  metrics: Metrics,
  folding: Pick<Folding, 'stats' | 'copied'>,
  batches: Latency,
): void {
  const stats = shared(folding.stats);
  const counters: Readonly<Record<string, readonly [string, (stats: FoldingFigures) => number]>> = {
    records_folded_total: ['Records folded.', ({ records }) => records],
    rows_written_total: ['Rows written to the store.', ({ rows }) => rows],
    fold_seconds_total: ['Time spent folding.', ({ foldMs }) => foldMs / 1000],
    streams_refolded_total: ['Streams folded again for late records.', ({ refolded }) => refolded],
    states_written_total: ['Folded states written.', ({ snapshots }) => snapshots],
  };
  for (const [name, [help, value]] of Object.entries(counters)) {
    metrics.counter(name, help, async () => [{ value: value(await stats()) }]);
  }
  metrics.counter('batches_total', 'Batches written, by why they were.', async () =>
    Object.entries((await stats()).batches).map(([reason, value]) => ({ value, labels: { reason } })),
  );
  metrics.latency('batch_seconds', 'From a batch begun to its rows and position in the store.', [
    { latency: batches },
  ]);
  metrics.gauge('streams', 'Streams in memory.', async () => [{ value: (await stats()).streams }]);
  metrics.gauge('parked_streams', 'Streams that a projection threw at, and left.', async () => [
    { value: (await stats()).parked },
  ]);
  metrics.gauge('engine_idle_seconds', 'Since a batch was last taken or written.', async () => [
    { value: (await stats()).idleMs / 1000 },
  ]);
  const perPartition = (value: (of: FoldingFigures['partitions'][number]) => number | null) => async () =>
    (await stats()).partitions.flatMap((of): Reading[] => {
      const found = value(of);
      return found === null ? [] : [{ value: found, labels: { partition: of.partition } }];
    });
  metrics.gauge('lag_records', 'Records of the log that are not in the store.', async () => [
    { value: (await stats()).lagRecords },
  ]);
  metrics.gauge(
    'folded_offset',
    'The first offset of the log that is not in the store, of each partition that is folded here.',
    perPartition(({ next }) => next),
  );
  metrics.gauge(
    'lag_seconds',
    'From the newest record in the store to now, where there are newer ones.',
    perPartition(({ lagSeconds }) => lagSeconds),
  );
  copyingMetrics(metrics, shared(folding.copied));
}

function copyingMetrics(metrics: Metrics, copied: Folding['copied']): void {
  const figure = (value: (figures: CopyingFigures) => number) => async (): Promise<Reading[]> => {
    const figures = await copied();
    return figures === undefined ? [] : [{ value: value(figures) }];
  };
  metrics.gauge(
    'decisions_lag_records',
    'Decisions in the log that are not in the store; nothing where another process copies them.',
    figure(({ lagRecords }) => lagRecords),
  );
  metrics.gauge(
    'decisions_lag_seconds',
    'For how long the copy of decisions was found to be behind.',
    figure(({ lagSeconds }) => lagSeconds),
  );
}

/** What has to be so where records are folded. */
export function foldingChecks({ stats, copied, failed }: Folding, mostLagSeconds: number): Check[] {
  let failure: string | undefined;
  failed.catch((error: unknown) => {
    failure = error instanceof Error ? `it stopped: ${error.name}` : 'it stopped';
  });
  return [
    { name: 'engine', fault: () => failure },
    { name: 'log-read', fault: () => stats().then(() => undefined) },
    { name: 'lag', fault: async () => lagFault(await stats(), mostLagSeconds) },
    { name: 'decisions-lag', fault: async () => copyingFault(await copied(), mostLagSeconds) },
  ];
}

function lagFault({ partitions }: FoldingFigures, most: number): string | undefined {
  const behind = partitions.filter(({ lagSeconds }) => (lagSeconds ?? 0) > most);
  if (behind.length === 0) return undefined;
  const worst = Math.max(...behind.map(({ lagSeconds }) => lagSeconds ?? 0));
  return `the tables are up to ${Math.floor(worst)} s behind the log, in ${behind.length} partitions; ${most} s are allowed`;
}

function copyingFault(figures: CopyingFigures | undefined, most: number): string | undefined {
  if (figures === undefined || figures.lagSeconds <= most) return undefined;
  const { lagRecords, lagSeconds } = figures;
  return `the copy of decisions is ${lagRecords} behind the log for ${Math.floor(lagSeconds)} s; ${most} s are allowed`;
}

function shared<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let last: { readonly at: number; readonly value: Promise<Value> } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at > SAME_LOOK_MILLISECONDS) last = { at: now, value: read() };
    return last.value;
  };
}
