import { type data, dataLayout, type kafka, kafkaConnection, type SettingsOf } from '@chargeproof/config';
import { openKafkaLogReader } from '@chargeproof/log-kafka';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import {
  type Copying,
  type Engine,
  type EngineParts,
  type SharedEngine,
  startCopying,
  startEngine,
  startSharedCopying,
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
    return withLog(startSharedEngine({ ...parts, log }), startSharedCopying({ ...parts, log }), log);
  }
  const log = await openSqliteLogReader({ folder: dataLayout(data.folder).log });
  const copying = await startCopying({ ...parts, log });
  return withLog(ofAll(await startEngine({ ...parts, log })), copying, log);
}

/** Who shares with nobody has its share from the beginning. */
const ofAll = (engine: Engine): Folding => ({
  stats: () => engine.stats(),
  stop: () => engine.stop(),
  failed: engine.failed,
  joined: Promise.resolve(),
  hasShare: () => true,
});

type Stoppable = Pick<Copying, 'failed' | 'stop'>;

function withLog(engine: Folding, copying: Stoppable, log: { close(): Promise<void> }): Folding {
  return {
    ...engine,
    failed: Promise.race([engine.failed, copying.failed]),
    async stop() {
      await copying.stop();
      await engine.stop();
      await log.close();
    },
  };
}
