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
  /** Whether it may start again after what passes. Where it may not, `crashed` comes at once. */
  readonly mayRestart: () => boolean;
  /** Called once, when it consumes no more. */
  readonly crashed: (error: Error) => void;
};

const SESSION_MS = 30_000;
/** A fetch waits so long where there is nothing new. */
const WAIT_MS = 500;
/** A group that was not heard of for so long is given up. */
const GIVE_UP_MS = 30_000;
const LEAST_BYTES_A_PARTITION = 64 * 1024;

export const sessionOf = ({ sessionMs = SESSION_MS }: KafkaOptions) => sessionMs;

/** A consumer by batches that resolves and commits nothing by itself. Resolves when it has joined, or crashed. */
export async function openConsumer(kafka: Kafka, parts: ConsumerParts): Promise<Consumer> {
  const { groupId, topic, options, maxBytes, assigner, joined, heard, eachBatch, crashed, mayRestart } =
    parts;
  const sessionTimeout = sessionOf(options);
  let lastHeard = performance.now();
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout,
    heartbeatInterval: Math.floor(sessionTimeout / 10),
    maxWaitTimeInMs: Math.min(WAIT_MS, Math.floor(sessionTimeout / 10)),
    maxBytes,
    maxBytesPerPartition: Math.max(LEAST_BYTES_A_PARTITION, maxBytes),
    allowAutoTopicCreation: false,
    // kafkajs would start a crashed consumer again for ever, or leave it dead in a process that lives
    // (tulios/kafkajs#1271, #1443). Here it may start again while the group was heard of lately: its first join
    // of a coordinator that is loading crashes it. Else whoever reads is told, and ends.
    retry: {
      ...RETRY,
      restartOnFailure: () => Promise.resolve(mayRestart() && performance.now() - lastHeard < GIVE_UP_MS),
    },
    ...(assigner && { partitionAssigners: [assigner] }),
  });
  const { CRASH, GROUP_JOIN, HEARTBEAT } = consumer.events;
  consumer.on(CRASH, ({ payload }) => {
    if (!payload.restart) crashed(payload.error);
  });
  consumer.on(GROUP_JOIN, ({ payload }) => {
    lastHeard = performance.now();
    joined(consumer, payload.memberAssignment[topic] ?? []);
  });
  consumer.on(HEARTBEAT, () => {
    lastHeard = performance.now();
    heard?.();
  });
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
