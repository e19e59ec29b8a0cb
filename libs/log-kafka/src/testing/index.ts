import kafkajs, { type Admin } from 'kafkajs';
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
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  const topic = { topic: name, numPartitions: partitions, replicationFactor: 1, configEntries };
  await asAdmin(options, (admin) => admin.createTopics({ topics: [topic] }));
}

/** With all that is in it, and from under whoever has it open. */
export async function deleteTopic(options: KafkaOptions, name: string): Promise<void> {
  await asAdmin(options, (admin) => admin.deleteTopics({ topics: [name] }));
}

/**
 * A broker forgets a producer's numbers when it has taken nothing of it for so long in a partition.
 * @param milliseconds absent: as the broker was started, which is a day
 */
export async function forgetProducersAfter(
  options: KafkaOptions,
  broker: string,
  milliseconds?: number,
): Promise<void> {
  const configEntries =
    milliseconds === undefined ? [] : [{ name: 'producer.id.expiration.ms', value: String(milliseconds) }];
  const resource = { type: kafkajs.ConfigResourceTypes.BROKER, name: broker, configEntries };
  await asAdmin(options, (admin) => admin.alterConfigs({ validateOnly: false, resources: [resource] }));
}

async function asAdmin(options: KafkaOptions, work: (admin: Admin) => Promise<unknown>): Promise<void> {
  const admin = createClient(options).admin();
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.disconnect();
  }
}
