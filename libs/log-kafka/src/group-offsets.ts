import type { Offsets } from '@chargeproof/log';
import type { Cluster } from './client/inside.ts';
import { retrying } from './client/retrying.ts';
import type { TopicReader } from './topic-reader.ts';

/** Of a group without members: anybody may note its offsets. */
const NO_MEMBER = { memberId: '', groupGenerationId: -1 };
/** Told of a partition of which a group has noted nothing. */
const NOTHING_NOTED = -1;

/** How far groups have come, as Kafka keeps it: for lag tools. */
export class GroupOffsets {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async note(topic: TopicReader, groupId: string, offsets: Offsets): Promise<void> {
    const partitions = Array.from(offsets, ([partition, offset]) => ({ partition, offset: String(offset) }));
    if (partitions.length === 0) return;
    await retrying(this.#cluster, async () => {
      const coordinator = await this.#cluster.findGroupCoordinator({ groupId });
      await coordinator.offsetCommit({ groupId, ...NO_MEMBER, topics: [{ topic: topic.name, partitions }] });
    });
  }

  noted(topic: TopicReader, groupId: string): Promise<Offsets> {
    const partitions = topic.partitions.map((partition) => ({ partition }));
    return retrying(this.#cluster, async () => {
      const coordinator = await this.#cluster.findGroupCoordinator({ groupId });
      const { responses } = await coordinator.offsetFetch({
        groupId,
        topics: [{ topic: topic.name, partitions }],
      });
      return new Map(
        responses
          .flatMap((response) => response.partitions)
          .map(({ partition, offset }) => [partition, Number(offset)] as const)
          .filter(([, offset]) => offset !== NOTHING_NOTED),
      );
    });
  }
}
