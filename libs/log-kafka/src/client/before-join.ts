import { createRequire } from 'node:module';
import { type PartitionAssigner, PartitionAssigners } from 'kafkajs';

/** A consumer's standing in its group, as kafkajs keeps it. */
export type Standing = {
  readonly groupId: string;
  /** Null where the coordinator does not know this member any more. */
  readonly memberId: string | null;
  readonly generationId: number | null;
  readonly coordinator: {
    heartbeat(request: { groupId: string; memberId: string; groupGenerationId: number }): Promise<unknown>;
  } | null;
};
type BeforeJoin = (standing: Standing) => Promise<void>;
type ConsumerGroup = Standing & {
  readonly assigners: readonly { readonly beforeJoin?: BeforeJoin }[];
  joinAndSync: (this: ConsumerGroup) => Promise<void>;
};

const require = createRequire(import.meta.url);
const { prototype: group } = require('kafkajs/src/consumer/consumerGroup.js') as {
  readonly prototype: ConsumerGroup;
};
const joinAndSync = group.joinAndSync;
let isHooked = false;

/**
 * Deals partitions out in turn, and has something done before its consumer joins again. To join is to give away
 * all that is held, at once, and kafkajs joins as soon as it hears of a rebalance: its event of that tells, and
 * does not wait. So the joining itself waits, for what the consumer's own assigner has to do.
 */
export function roundRobinAfter(beforeJoin: BeforeJoin): PartitionAssigner {
  hook();
  return (config) => ({ ...PartitionAssigners.roundRobin(config), beforeJoin });
}

function hook(): void {
  if (isHooked) return;
  isHooked = true;
  group.joinAndSync = async function joinWhenReady(this: ConsumerGroup) {
    for (const { beforeJoin } of this.assigners) await beforeJoin?.(this);
    return joinAndSync.call(this);
  };
}
