import { dataLayout, kafkaConnection } from '@chargeproof/config';
import type { LogReader } from '@chargeproof/log';
import { openKafkaLogReader } from '@chargeproof/log-kafka';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import type { QuerySettings } from './query-process.ts';

/**
 * The log, where this process can reach it and has a use for it: to fold it, or to say how far it goes.
 * @throws LogFailed
 */
export async function openLogReader(
  { data, kafka, store }: QuerySettings,
  onTrouble: (line: string) => void,
): Promise<LogReader | undefined> {
  if (kafka.brokers.length > 0) return openKafkaLogReader({ ...kafkaConnection(kafka), onTrouble });
  return store.url === undefined ? openSqliteLogReader({ folder: dataLayout(data.folder).log }) : undefined;
}
