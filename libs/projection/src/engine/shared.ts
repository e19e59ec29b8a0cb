import type { Offsets, SharedLog } from '@chargeproof/log';
import { startEngine } from './engine.ts';
import type { Engine, EngineParts } from './options.ts';
import { ENGINE_DEFAULTS } from './options.ts';
import type { EngineStats } from './stats.ts';
import { Counters } from './stats.ts';

export type SharedEngineParts = Omit<EngineParts, 'partitions'> & Sharing;

/** Who folds the same log into the same tables shares it, of whatever release: else a row would be written by two. */
export type Sharing = {
  readonly log: SharedLog;
  /** Tells these tables from others that are folded from the same log, as their database does. */
  readonly tables: string;
};

/** An engine for whichever partitions are its share. */
export type SharedEngine = {
  /** Resolves when it was given its first share, which may be none: from then on there are tables. */
  readonly joined: Promise<void>;
  /** Whether it has a share now; not while the group shares out anew. */
  hasShare(): boolean;
  /** Where the partitions held now stand; none between two assignments. */
  positions(): Offsets;
  /** Of the partitions held now, since they were taken. Rejects where the log cannot be read, held or not. */
  stats(): Promise<EngineStats>;
  /** Writes what was folded, gives the partitions back, and ends. The log and the store stay open. */
  stop(): Promise<void>;
  /** Rejects with what stopped it, after which the process is to end: its partitions may be another's. */
  readonly failed: Promise<never>;
};

/** How often lag tools are told. */
const NOTE_MS = 5000;

/**
 * Folds the share of the log that this process's group gives it. Each assignment has an engine of its own,
 * which begins where the store says that its partitions stand, whoever folded them before; it is stopped, and
 * all it has under way is written, before another may hold any of them.
 */
export function startSharedEngine(parts: SharedEngineParts): SharedEngine {
  const { log } = parts;
  const topic = parts.options?.topic ?? ENGINE_DEFAULTS.topic;
  const group = `projector.${parts.tables}`;
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const { promise: joined, resolve: join } = Promise.withResolvers<undefined>();
  let hasShare = false;
  let engine: Engine | undefined;
  const membership = log.join(topic, group, {
    async take(partitions) {
      if (partitions.length > 0) {
        engine = await startEngine({ ...parts, partitions });
        engine.failed.catch(reject);
      }
      hasShare = true;
      join(undefined);
    },
    async release() {
      const released = engine;
      engine = undefined;
      hasShare = false;
      await released?.stop();
    },
  });
  membership.failed.catch(reject);
  const telling = setInterval(() => {
    if (engine !== undefined) log.commit(topic, group, engine.positions()).catch(reject);
  }, NOTE_MS);
  return {
    joined,
    hasShare: () => hasShare,
    positions: () => engine?.positions() ?? new Map(),
    stats: () => engine?.stats() ?? log.end(topic).then(holdingNothing),
    failed,
    async stop() {
      clearInterval(telling);
      await membership.close();
    },
  };
}

const holdingNothing = () =>
  new Counters().snapshot({
    end: new Map(),
    committed: new Map(),
    lagRecords: 0,
    folded: new Map(),
    streams: 0,
    parked: 0,
  });
