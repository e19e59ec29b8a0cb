import {
  type data,
  dataLayout,
  type kafka,
  kafkaConnection,
  type SettingsOf,
  type store,
} from '@chargeproof/config';
import { openKafkaLogReader } from '@chargeproof/log-kafka';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import {
  type Engine,
  type EngineParts,
  type SharedCopying,
  type SharedEngine,
  startCopying,
  startEngine,
  startSharedCopying,
  startSharedEngine,
} from '@chargeproof/projection';

type Folder = Pick<SharedEngine, 'stats' | 'failed' | 'stop' | 'joined' | 'hasShare'>;
export type Folding = Folder & { readonly copied: SharedCopying['stats'] };
type LogSettings = SettingsOf<{ data: typeof data; kafka: typeof kafka; store: typeof store }>;

/**
 * Folds the log that the settings name: all of one in a folder; of one on Kafka, this projector's share.
 * @throws LogFailed, StoreError
 */
export async function startFolding(
  { data, kafka, store }: LogSettings,
  parts: Omit<EngineParts, 'log'>,
  onTrouble: (line: string) => void,
): Promise<Folding> {
  if (kafka.brokers.length > 0) {
    const log = await openKafkaLogReader({ ...kafkaConnection(kafka), onTrouble });
    const shared = { ...parts, log, tables: store.database };
    return withLog(startSharedEngine(shared), startSharedCopying(shared), log);
  }
  const log = await openSqliteLogReader({ folder: dataLayout(data.folder).log });
  // The engine first: it refuses tables of another log before a decision of this one is among theirs.
  const engine = await startEngine({ ...parts, log });
  return withLog(ofAll(engine), await startCopying({ ...parts, log }), log);
}

/** Who shares with nobody has its share from the beginning. */
const ofAll = (engine: Engine): Folder => ({
  stats: () => engine.stats(),
  stop: () => engine.stop(),
  failed: engine.failed,
  joined: Promise.resolve(),
  hasShare: () => true,
});

function withLog(engine: Folder, copying: SharedCopying, log: { close(): Promise<void> }): Folding {
  return {
    ...engine,
    copied: () => copying.stats(),
    failed: Promise.race([engine.failed, copying.failed]),
    async stop() {
      await copying.stop();
      await engine.stop();
      await log.close();
    },
  };
}
