import type { LogReader, Offsets, Topic } from '@chargeproof/log';
import type { Store } from '@chargeproof/tables';
import type { Projection } from '../projection.ts';
import type { BatchStats, EngineStats } from './stats.ts';
import type { ParkedStream } from './parkings.ts';

export type EngineOptions = {
  readonly topic: Topic;
  /** A batch is written when it has this many rows and none is being written, */
  readonly readyRows: number;
  /** at the latest, with folding stopped until the one before it is written, when it has so many, */
  readonly batchRows: number;
  /** or about this many bytes, */
  readonly batchBytes: number;
  /**
   * or when its time has come: this many times as long as the last one took to write has passed since that
   * began. An idle engine writes at once; a busy one spends a bounded part of its time on the fixed cost of
   * an insert, and makes parts that need few merges.
   */
  readonly rest: number;
  /** Milliseconds; the longest a row waits for its batch. */
  readonly intervalMs: number;
  /** Records and bytes folded in one go: the process answers nothing else meanwhile. */
  readonly readRecords: number;
  readonly readBytes: number;
  /** Bytes of records read in one piece when a stream is folded again. */
  readonly lateBytes: number;
  /** Folded states are written after this long or so many records, whichever is first. */
  readonly statesMs: number;
  readonly statesRecords: number;
  /** Streams without an open connection are let go of beyond this many in memory. */
  readonly mostStreams: number;
};

/** Measured with `test/performance/projection.ts`. */
export const ENGINE_DEFAULTS: EngineOptions = {
  topic: 'ocpp.frames',
  readyRows: 60_000,
  batchRows: 150_000,
  batchBytes: 64 * 1024 * 1024,
  rest: 8,
  intervalMs: 2000,
  readRecords: 2000,
  readBytes: 4 * 1024 * 1024,
  lateBytes: 64 * 1024 * 1024,
  statesMs: 10_000,
  statesRecords: 50_000,
  mostStreams: 50_000,
};

export type EngineParts = {
  readonly log: LogReader;
  readonly store: Store;
  readonly projections: readonly Projection[];
  /** Folds these only, which nobody else may fold meanwhile; all where absent. */
  readonly partitions?: readonly number[];
  readonly options?: Partial<EngineOptions>;
  /** Called whenever more rows, and the positions that they make true, can be found in the store. */
  readonly onCommit?: () => void;
  /** Called with a line for whoever runs it, where something is to be known and nothing is wrong. */
  readonly onNotice?: (line: string) => void;
  /** Called with each batch that was written. */
  readonly onBatch?: (batch: BatchStats) => void;
  /** Called once with what stopped the engine: it never goes on past an error. `Engine.failed` rejects with the same. */
  readonly onError?: (error: unknown) => void;
};

export type Engine = {
  /** Resolves when all rows of all records below these offsets can be found in the store. Rejects when the engine stops before. */
  whenProcessed(positions: Offsets): Promise<void>;
  /** partition → first offset whose rows are not yet all in the store. */
  positions(): Offsets;
  stats(): Promise<EngineStats>;
  /** Projections that threw for a stream; the others go on. */
  parked(): readonly ParkedStream[];
  /**
   * Folds parked streams again with the projections as they are now; what throws again stays parked.
   * @param stream its key, `<tenant>/<station>` or `<run>.<partition>`; all parked ones where absent
   */
  replay(stream?: string): Promise<readonly ParkedStream[]>;
  /** Writes what was folded, the states and the checkpoint, and stops. The log and the store stay open. */
  stop(): Promise<void>;
  readonly failed: Promise<never>;
};
