import type { Consumer, EachBatchPayload, Kafka, PartitionAssigner } from 'kafkajs';
import { type KafkaOptions, RETRY } from './client.ts';

export type ConsumerParts = {
  readonly groupId: string;
  readonly topic: string;
  readonly options: KafkaOptions;
  /** Of one fetch. No cap: a broker gives at least one whole batch, and ours are of 1 MiB. */
  readonly maxBytes: number;
  readonly assigner?: PartitionAssigner;
  /** Called whenever the group has been joined, before anything is fetched. */
  readonly joined: (consumer: Consumer, partitions: readonly number[]) => void;
  readonly heard?: () => void;
  readonly eachBatch: (payload: EachBatchPayload) => Promise<void>;
  /** Called once, when it consumes no more. */
  readonly crashed: (error: Error) => void;
};

const SESSION_MS = 30_000;
/** A fetch waits so long where there is nothing new. */
const WAIT_MS = 500;
const LEAST_BYTES_A_PARTITION = 64 * 1024;

export const sessionOf = ({ sessionMs = SESSION_MS }: KafkaOptions) => sessionMs;

/** A consumer by batches that resolves and commits nothing by itself. Resolves when it has joined, or crashed. */
export async function openConsumer(kafka: Kafka, parts: ConsumerParts): Promise<Consumer> {
  const { groupId, topic, options, maxBytes, assigner, joined, heard, eachBatch, crashed } = parts;
  const sessionTimeout = sessionOf(options);
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout,
    heartbeatInterval: Math.floor(sessionTimeout / 10),
    maxWaitTimeInMs: Math.min(WAIT_MS, Math.floor(sessionTimeout / 10)),
    maxBytes,
    maxBytesPerPartition: Math.max(LEAST_BYTES_A_PARTITION, maxBytes),
    allowAutoTopicCreation: false,
    // A consumer that crashed is not started again behind our back, nor left dead in a process that lives
    // (tulios/kafkajs#1271, #1443): whoever reads is told, and ends.
    retry: { ...RETRY, restartOnFailure: () => Promise.resolve(false) },
    ...(assigner && { partitionAssigners: [assigner] }),
  });
  const { CRASH, GROUP_JOIN, HEARTBEAT } = consumer.events;
  consumer.on(CRASH, ({ payload }) => {
    crashed(payload.error);
  });
  consumer.on(GROUP_JOIN, ({ payload }) => {
    joined(consumer, payload.memberAssignment[topic] ?? []);
  });
  consumer.on(HEARTBEAT, () => heard?.());
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 1,
    eachBatch,
  });
  return consumer;
}
