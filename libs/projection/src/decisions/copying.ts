import type { LogReader, Offsets, Topic } from '@chargeproof/log';
import type { LoggedRecord } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { Checkpoints } from '../engine/checkpoints.ts';
import { requireSameLog } from '../engine/same-log.ts';
import type { Sharing } from '../engine/shared.ts';
import { CHECKPOINTS } from '../engine/tables.ts';
import { Waiters } from '../engine/waiters.ts';
import { decisionRow, DECISIONS } from './table.ts';

export type CopyingParts = {
  readonly log: LogReader;
  readonly store: Store;
  /** Called when more decisions can be found in the store. */
  readonly onCommit?: () => void;
};

/** Decisions on their way from the log into the store. */
export type Copying = {
  /** Resolves when all decisions below these offsets can be found in the store. */
  whenCopied(positions: Offsets): Promise<void>;
  /** Rejects where the log cannot be read. */
  stats(): Promise<CopyingStats>;
  stop(): Promise<void>;
  /** Rejects with what stopped it: it never goes on past an error. */
  readonly failed: Promise<never>;
};

/** How far the copy is behind the log. */
export type CopyingStats = {
  readonly lagRecords: number;
  /**
   * For how long it was found to be behind whenever somebody asked; 0 where it is not. The newest copied decision
   * says nothing of this: days may lie between two.
   */
  readonly lagSeconds: number;
};

const TOPIC: Topic = 'platform.decisions';
/** How checkpoints name it. */
export const DECISIONS_CONSUMER = 'decisions@1';
const BATCH = { topic: TOPIC, maxRecords: 2000, maxBytes: 4 * 1024 * 1024 } as const;

/** Copies every decision into the store, from where the store says it stands. @throws StoreError */
export async function startCopying({ log, store, onCommit }: CopyingParts): Promise<Copying> {
  await store.ensureTables([DECISIONS, CHECKPOINTS]);
  const checkpoints = new Checkpoints(store, {
    topic: TOPIC,
    consumer: DECISIONS_CONSUMER,
    generation: log.generation,
  });
  const waiters = new Waiters();
  let behindSince: number | undefined;
  let committed = await checkpoints.read('facts');
  await requireSameLog({ log, store, topic: TOPIC, table: DECISIONS }, committed);
  const subscription = log.subscribe({ ...BATCH, from: committed }, async (batch) => {
    await store.insert(DECISIONS, batch.map(decisionRow));
    committed = await noted(checkpoints, batch);
    waiters.reached(committed);
    onCommit?.();
  });
  subscription.failed.catch((error: unknown) => {
    waiters.fail(error);
  });
  return {
    whenCopied: (positions) => waiters.add(positions, committed),
    async stats() {
      const next = new Map([[0, committed.get(0) ?? 0]]);
      const lagRecords = await log.recordsFrom(TOPIC, next);
      const now = performance.now();
      behindSince = lagRecords === 0 ? undefined : (behindSince ?? now);
      return { lagRecords, lagSeconds: (now - (behindSince ?? now)) / 1000 };
    },
    failed: subscription.failed,
    stop: () => subscription.close(),
  };
}

/** The rows are there, and then that they are. */
async function noted(checkpoints: Checkpoints, batch: readonly LoggedRecord[]): Promise<Offsets> {
  const reached = new Map(
    batch.map(({ position, loggedAt }) => [position.partition, { offset: position.offset + 1, loggedAt }]),
  );
  await checkpoints.write('facts', reached);
  return new Map([...reached].map(([partition, { offset }]) => [partition, offset]));
}

/** Undefined while another copies them. */
export type SharedCopying = Pick<Copying, 'stop' | 'failed'> & {
  stats(): Promise<CopyingStats | undefined>;
};

/** As {@link startCopying}, by one of those that share the log. */
export function startSharedCopying(parts: CopyingParts & Sharing): SharedCopying {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  let copying: Copying | undefined;
  const membership = parts.log.join(TOPIC, `projector.${parts.tables}.decisions`, {
    async take(partitions) {
      if (partitions.length === 0) return;
      copying = await startCopying(parts);
      copying.failed.catch(reject);
    },
    async release() {
      const released = copying;
      copying = undefined;
      await released?.stop();
    },
  });
  membership.failed.catch(reject);
  return {
    failed,
    stats: () => copying?.stats() ?? Promise.resolve(undefined),
    stop: () => membership.close(),
  };
}
