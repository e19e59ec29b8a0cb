import type { Offsets } from '@chargeproof/log';
import type { Reached } from './checkpoints.ts';

/** Why a batch was written: it was full, its time had come, somebody waited, or states were due. */
export type FlushReason = 'rows' | 'bytes' | 'time' | 'states' | 'stop';

export type BatchStats = {
  readonly rows: number;
  readonly insertMs: number;
  readonly reason: FlushReason;
};

/** Figures of one engine since it started. */
export type EngineStats = {
  readonly partitions: readonly PartitionStats[];
  /** Records of the log that are not in the store, over all partitions. */
  readonly lagRecords: number;
  readonly records: number;
  readonly rows: number;
  readonly batches: Readonly<Record<FlushReason, number>>;
  /** Milliseconds spent folding, on the main thread, and waiting for inserts. */
  readonly foldMs: number;
  readonly insertMs: number;
  readonly lastBatch: BatchStats | null;
  /** Streams that were folded again for late records. */
  readonly refolded: number;
  readonly snapshots: number;
  readonly streams: number;
  readonly parked: number;
  /** Milliseconds since the loop last took or wrote a batch: what liveness is judged by, together with the lag. */
  readonly idleMs: number;
};

export type PartitionStats = {
  readonly partition: number;
  /** The first offset that is not in the store, and the log's next one. Between them offsets may skip. */
  readonly next: number;
  readonly end: number;
  /**
   * Seconds from the newest record in the store to now, where there are newer ones in the log; else 0. Null
   * where there are, and nothing of the partition was folded since the engine started.
   */
  readonly lagSeconds: number | null;
};

export class Counters {
  readonly batches: Record<FlushReason, number> = { rows: 0, bytes: 0, time: 0, states: 0, stop: 0 };
  records = 0;
  rows = 0;
  foldMs = 0;
  insertMs = 0;
  refolded = 0;
  snapshots = 0;
  lastBatch: EngineStats['lastBatch'] = null;
  active = performance.now();
  readonly #onBatch: (batch: BatchStats) => void;

  constructor(onBatch: (batch: BatchStats) => void = () => undefined) {
    this.#onBatch = onBatch;
  }

  wrote(rows: number, insertMs: number, reason: FlushReason): void {
    this.batches[reason]++;
    this.rows += rows;
    this.insertMs += insertMs;
    this.lastBatch = { rows, insertMs, reason };
    this.active = performance.now();
    this.#onBatch(this.lastBatch);
  }

  folded(records: number, foldMs: number, refolded: number): void {
    this.records += records;
    this.foldMs += foldMs;
    this.refolded += refolded;
    this.active = performance.now();
  }

  snapshot(now: Standing): EngineStats {
    return {
      partitions: [...now.end].map(([partition, end]) => partitionStats(now, partition, end)),
      lagRecords: now.lagRecords,
      records: this.records,
      rows: this.rows,
      batches: { ...this.batches },
      foldMs: this.foldMs,
      insertMs: this.insertMs,
      lastBatch: this.lastBatch,
      refolded: this.refolded,
      snapshots: this.snapshots,
      streams: now.streams,
      parked: now.parked,
      idleMs: performance.now() - this.active,
    };
  }
}

/** Where the engine stands, as far as its counters do not say. */
export type Standing = {
  readonly end: Offsets;
  readonly committed: Offsets;
  readonly lagRecords: number;
  readonly folded: ReadonlyMap<number, Reached>;
  readonly streams: number;
  readonly parked: number;
};

function partitionStats({ committed, folded }: Standing, partition: number, end: number): PartitionStats {
  const next = committed.get(partition) ?? 0;
  const loggedAt = folded.get(partition)?.loggedAt;
  if (next >= end) return { partition, next, end, lagSeconds: 0 };
  const lagSeconds = loggedAt === undefined ? null : Math.max(0, Date.now() / 1000 - loggedAt / 1e6);
  return { partition, next, end, lagSeconds };
}
