import { createClient, type KafkaOptions } from '../client/client.ts';

export type TopicWanted = {
  readonly name: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
};

/** Makes a topic as somebody else would have made it. */
export async function makeTopic(
  options: KafkaOptions,
  { name, partitions, config }: TopicWanted,
): Promise<void> {
  const admin = createClient(options).admin();
  await admin.connect();
  try {
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    const topic = { topic: name, numPartitions: partitions, replicationFactor: 1, configEntries };
    await admin.createTopics({ topics: [topic] });
  } finally {
    await admin.disconnect();
  }
}
