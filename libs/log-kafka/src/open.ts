import type { NumberedLog, SharedLog } from '@chargeproof/log';
import { LogFailed } from '@chargeproof/log';
import { createClient, type KafkaOptions, RETRY_AT_START } from './client/client.ts';
import { type AppendOptions, KafkaLog } from './kafka-log.ts';
import { KafkaLogReader } from './kafka-log-reader.ts';
import { noLog } from './no-log.ts';
import { ensureTopics, type Presence } from './topics.ts';

/**
 * Opens the log on Kafka for appending, and makes its topics where they are not there.
 * @throws LogAway where no broker can be reached now, LogFailed where a topic is not as the log needs it: in one line
 */
export function openKafkaLog(
  options: KafkaOptions,
  how: AppendOptions = {},
): Promise<NumberedLog & SharedLog> {
  return opened(options, new KafkaLog(createClient(options), options, how));
}

/** As {@link openKafkaLog}, for reading only. */
export function openKafkaLogReader(options: KafkaOptions, presence: Presence = {}): Promise<SharedLog> {
  return opened(options, new KafkaLogReader(createClient(options), options), presence);
}

async function opened<Reader extends KafkaLogReader>(
  options: KafkaOptions,
  log: Reader,
  presence: Presence = {},
): Promise<Reader> {
  try {
    await ensureTopics(createClient(options, RETRY_AT_START), options, presence);
    await log.connect();
    return log;
  } catch (error) {
    await log.close();
    if (error instanceof LogFailed) throw error;
    throw noLog(error, options);
  }
}
