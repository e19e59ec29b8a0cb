import type { Log, SharedLog } from '@chargeproof/log';
import { LogFailed } from '@chargeproof/log';
import { createClient, type KafkaOptions, reasonOf, RETRY_AT_START } from './client/client.ts';
import { KafkaLog } from './kafka-log.ts';
import { KafkaLogReader } from './kafka-log-reader.ts';
import { ensureTopics } from './topics.ts';

/**
 * Opens the log on Kafka for appending, and makes its topics where they are not there.
 * @throws LogFailed in one line: no broker answers, or a topic is not as the log needs it
 */
export function openKafkaLog(options: KafkaOptions): Promise<Log & SharedLog> {
  return opened(options, new KafkaLog(createClient(options), options));
}

/** As {@link openKafkaLog}, for reading only. */
export function openKafkaLogReader(options: KafkaOptions): Promise<SharedLog> {
  return opened(options, new KafkaLogReader(createClient(options), options));
}

async function opened<Reader extends KafkaLogReader>(options: KafkaOptions, log: Reader): Promise<Reader> {
  try {
    await ensureTopics(createClient(options, RETRY_AT_START), options);
    await log.connect();
    return log;
  } catch (error) {
    await log.close();
    if (error instanceof LogFailed) throw error;
    throw new LogFailed(`no log on ${options.brokers.join(', ')}: ${reasonOf(error)}`, { cause: error });
  }
}
