import { type data, dataLayout, type kafka, kafkaConnection, type SettingsOf } from '@chargeproof/config';
import { openKafkaLogReader } from '@chargeproof/log-kafka';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import {
  type Engine,
  type EngineParts,
  type SharedEngine,
  startEngine,
  startSharedEngine,
} from '@chargeproof/projection';

export type Folding = Pick<SharedEngine, 'stats' | 'failed' | 'stop' | 'joined' | 'hasShare'>;
type LogSettings = SettingsOf<{ data: typeof data; kafka: typeof kafka }>;

/**
 * Folds the log that the settings name: all of one in a folder; of one on Kafka, this projector's share.
 * @throws LogFailed, StoreError
 */
export async function startFolding(
  { data, kafka }: LogSettings,
  parts: Omit<EngineParts, 'log'>,
  onTrouble: (line: string) => void,
): Promise<Folding> {
  if (kafka.brokers.length > 0) {
    const log = await openKafkaLogReader({ ...kafkaConnection(kafka), onTrouble });
    return withLog(startSharedEngine({ ...parts, log }), log);
  }
  const log = await openSqliteLogReader({ folder: dataLayout(data.folder).log });
  return withLog(ofAll(await startEngine({ ...parts, log })), log);
}

/** Who shares with nobody has its share from the beginning. */
const ofAll = (engine: Engine): Folding => ({
  stats: () => engine.stats(),
  stop: () => engine.stop(),
  failed: engine.failed,
  joined: Promise.resolve(),
  hasShare: () => true,
});

function withLog(engine: Folding, log: { close(): Promise<void> }): Folding {
  return {
    ...engine,
    async stop() {
      await engine.stop();
      await log.close();
    },
  };
}
