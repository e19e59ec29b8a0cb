import { LogFailed, type Topic, TOPICS } from '@chargeproof/log';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import type { KafkaOptions } from './client/client.ts';
import { untilItPasses } from './client/retrying.ts';
import { noLog } from './no-log.ts';

/**
 * The generation of the log that these topics are. A later one has another number of partitions and so is
 * other topics, under names that tell it: these, with nothing behind them, are the first.
 */
export const GENERATION = 0;

/** What a record may have in all, headers included: a frame of 4 MiB in which very many values are sealed. */
export const MOST_RECORD_BYTES = 64 * 1024 * 1024;
const FRAMING_BYTES = 1024;

type Setting = { readonly value: string; readonly mayBeMore?: true };

/** All but one copy must have a record before it is acknowledged. */
const inSyncOf = (replication: number) => Math.max(1, replication - 1);

/** What a topic must be set to, or at least to, for the log to be one. */
function settingsOf(replication: number): Readonly<Record<string, Setting>> {
  return {
    // `loggedAt` is the broker's time, not a gateway's.
    'message.timestamp.type': { value: 'LogAppendTime' },
    // The record is kept: nothing leaves the log by itself, neither by age, nor by size, nor by key.
    'cleanup.policy': { value: 'delete' },
    'retention.ms': { value: '-1' },
    'retention.bytes': { value: '-1' },
    'max.message.bytes': { value: String(MOST_RECORD_BYTES + FRAMING_BYTES), mayBeMore: true },
    'min.insync.replicas': { value: String(inSyncOf(replication)), mayBeMore: true },
    // A copy that lags must not become the log: it would take back what was acknowledged.
    'unclean.leader.election.enable': { value: 'false' },
    // As they come: kafkajs reads no other compression than gzip.
    'compression.type': { value: 'producer' },
  };
}

const ALL = Object.keys(TOPICS) as readonly Topic[];

export type Presence = {
  /** Topics that are not there are made, unless they must be: then that is said. */
  readonly mustBeThere?: boolean;
};

/**
 * Makes the topics that are not there, and checks those that are.
 * @throws LogAway where the brokers cannot be reached now, LogFailed where a topic is not as the log needs it: in one line
 */
export async function ensureTopics(
  kafka: Kafka,
  options: KafkaOptions,
  { mustBeThere = false }: Presence = {},
): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const missing = await missingOf(admin, options);
    if (missing.length > 0 && mustBeThere)
      throw new LogFailed(
        `there is no log on ${options.brokers.join(', ')}: no topic ${options.topicPrefix}${missing.join(' and no ')}`,
      );
    if (missing.length > 0) await create(admin, missing, options);
    // Just made, they are not known everywhere yet.
    const faults = await untilItPasses(() => faultsOf(admin, options));
    if (faults.length > 0) throw new LogFailed(`the log cannot be kept there: ${faults.join('; ')}`);
  } catch (error) {
    if (error instanceof LogFailed) throw error;
    throw noLog(error, options);
  } finally {
    await admin.disconnect();
  }
}

async function missingOf(admin: Admin, { topicPrefix }: KafkaOptions): Promise<readonly Topic[]> {
  const present = new Set(await admin.listTopics());
  return ALL.filter((topic) => !present.has(topicPrefix + topic));
}

async function create(
  admin: Admin,
  missing: readonly Topic[],
  { topicPrefix, replication }: KafkaOptions,
): Promise<void> {
  const configEntries = Object.entries(settingsOf(replication)).map(([name, { value }]) => ({ name, value }));
  await admin.createTopics({
    waitForLeaders: false,
    topics: missing.map((topic) => ({
      topic: topicPrefix + topic,
      numPartitions: TOPICS[topic],
      replicationFactor: replication,
      configEntries,
    })),
  });
}

async function faultsOf(admin: Admin, { topicPrefix }: KafkaOptions): Promise<readonly string[]> {
  const names = ALL.map((topic) => topicPrefix + topic);
  const { topics } = await admin.fetchTopicMetadata({ topics: names });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  });
  return ALL.flatMap((topic) => {
    const name = topicPrefix + topic;
    const partitions = topics.find((found) => found.name === name)?.partitions ?? [];
    const configs = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
    const actual = new Map(configs.map(({ configName, configValue }) => [configName, configValue]));
    const replication = partitions[0]?.replicas.length ?? 1;
    return [
      ...(partitions.length === TOPICS[topic]
        ? []
        : [`topic ${name} has ${partitions.length} partitions, not ${TOPICS[topic]}`]),
      ...Object.entries(settingsOf(replication))
        .filter(([setting, wanted]) => !isMet(actual.get(setting), wanted))
        .map(([setting, wanted]) => faultIn(name, setting, actual.get(setting), wanted)),
    ];
  });
}

const isMet = (actual: string | undefined, { value, mayBeMore }: Setting) =>
  actual === value || (mayBeMore === true && Number(actual) >= Number(value));

const faultIn = (name: string, setting: string, actual: string | undefined, { value, mayBeMore }: Setting) =>
  `topic ${name} has ${setting} ${actual ?? 'unset'}, not ${value}${mayBeMore === true ? ' or more' : ''}`;
