import { partitionOf } from '@chargeproof/record';
import type { AppendRequest, Topic } from './log.ts';
import { TOPICS } from './log.ts';

/**
 * The partition a record goes to.
 * @throws RangeError for a topic or partition that there is not: the caller's fault, and nothing is written
 */
export function partitionFor(topic: Topic, { key, partition }: AppendRequest): number {
  const count = partitionsIn(topic);
  if (partition === undefined) return count === 1 ? 0 : partitionOf(key, count);
  if (Number.isInteger(partition) && partition >= 0 && partition < count) return partition;
  throw new RangeError(`${topic} has partitions 0 to ${count - 1}, not ${partition}`);
}

/** @throws RangeError for a topic that there is not */
export function partitionsIn(topic: Topic): number {
  if (!Object.hasOwn(TOPICS, topic)) throw new RangeError(`there is no topic ${topic}`);
  return TOPICS[topic];
}
