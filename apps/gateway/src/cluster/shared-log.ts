import { dataLayout, type data, type kafka, type SettingsOf } from '@chargeproof/config';
import { type KafkaOptions, openKafkaLog } from '@chargeproof/log-kafka';
import { openSpooledLog, type SpooledLog, spoolFolder } from '@chargeproof/log-spool';
import { openSqliteLog, openSqliteLogReader } from '@chargeproof/log-sqlite';
import type { Logger } from 'pino';
import { isOfTheReserve } from '../run/reserve.ts';

export type SharedLogSettings = SettingsOf<{ data: typeof data; kafka: typeof kafka }>;

/** Parts of the spool are removed whole, so that one should not be much of what it may take. */
const PARTS = 16;
const LARGEST_PART_BYTES = 64 * 1024 * 1024;

/**
 * The log on Kafka, with the data folder's spool before it. Comes up while the brokers are away.
 * @throws LogFailed where they are there, and a topic is not as the log needs it, or they do not let us in
 */
export function openSharedLog(
  { data, kafka }: SharedLogSettings,
  options: KafkaOptions,
  logger: Logger,
): Promise<SpooledLog> {
  const { spoolAfterSeconds, spoolBytes } = kafka;
  return openSpooledLog({
    openLog: () => openKafkaLog(options, { isPatient: true }),
    store: spoolFolder({
      folder: dataLayout(data.folder).spool,
      create: (folder) => openSqliteLog({ folder }),
      open: (folder) => openSqliteLogReader({ folder }),
    }),
    spoolAfterMilliseconds: spoolAfterSeconds * 1000,
    maxBytes: spoolBytes,
    segmentBytes: Math.min(LARGEST_PART_BYTES, spoolBytes / PARTS),
    isOfTheReserve,
    onTrouble: (line) => {
      logger.warn(line);
    },
    onNews: (line) => {
      logger.info(line);
    },
  });
}
