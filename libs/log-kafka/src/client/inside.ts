import type { Kafka, Message } from 'kafkajs';

/**
 * kafkajs has no public way to read from an offset without being in a group, nor to note a group's offsets
 * while it has members, nor to number what is sent; its own consumer and producer do so through these parts. They are those of 2.2.4, the last
 * release and the one that is pinned, and the contract suite holds them to what they do.
 */
export type Cluster = {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  removeBroker(address: { host: string; port: number }): void;
  /** Node id of the leader → its partitions. */
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, number[]>>;
  findBroker(node: { nodeId: string }): Promise<Broker>;
  findControllerBroker(): Promise<Introducing>;
  findGroupCoordinator(group: { groupId: string }): Promise<Coordinator>;
  fetchTopicsOffset(
    topics: readonly {
      topic: string;
      partitions: readonly { partition: number }[];
      fromBeginning: boolean;
    }[],
  ): Promise<readonly { topic: string; partitions: readonly PartitionOffset[] }[]>;
};

export type PartitionOffset = { readonly partition: number; readonly offset: string };

export type FetchedMessage = {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly isControlRecord?: boolean;
};

/** Which makes producers known to all of them. */
type Introducing = {
  initProducerId(request: {
    transactionTimeout: number;
  }): Promise<{ readonly producerId: string; readonly producerEpoch: number }>;
};

type Broker = {
  /** @throws for the first of the partitions that was not taken */
  produce(request: {
    acks: number;
    producerId: string;
    producerEpoch: number;
    topicData: readonly {
      topic: string;
      partitions: readonly {
        partition: number;
        firstSequence: number;
        messages: readonly Pick<Message, 'key' | 'value' | 'headers'>[];
      }[];
    }[];
  }): Promise<{
    readonly topics: readonly {
      partitions: readonly { readonly partition: number; readonly baseOffset: string }[];
    }[];
  }>;
  fetch(request: {
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    topics: readonly {
      topic: string;
      partitions: readonly { partition: number; fetchOffset: string; maxBytes: number }[];
    }[];
  }): Promise<{
    responses: readonly {
      partitions: readonly { partition: number; messages: readonly FetchedMessage[] }[];
    }[];
  }>;
};

type Coordinator = {
  offsetCommit(request: {
    groupId: string;
    groupGenerationId: number;
    memberId: string;
    topics: readonly { topic: string; partitions: readonly PartitionOffset[] }[];
  }): Promise<void>;
  offsetFetch(request: {
    groupId: string;
    topics: readonly { topic: string; partitions: readonly { partition: number }[] }[];
  }): Promise<{ responses: readonly { topic: string; partitions: readonly PartitionOffset[] }[] }>;
};

const CREATE_CLUSTER = 'private:Kafka:createCluster';

/** @throws TypeError for another release of kafkajs, which keeps its parts elsewhere */
export function clusterOf(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === CREATE_CLUSTER,
  );
  const create = symbol && (kafka as unknown as Record<symbol, unknown>)[symbol];
  if (typeof create !== 'function') throw new TypeError('this is not kafkajs 2.2.4: it has no such part');
  return (create as (options: object) => Cluster)({
    metadataMaxAge: METADATA_MAX_AGE_MS,
    allowAutoTopicCreation: false,
  });
}

const METADATA_MAX_AGE_MS = 60_000;
