import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dataLayout, type KafkaConnection } from '@chargeproof/config';
import { agreeOnKey, KEY_FILE, openKeyring, readKeyring } from '@chargeproof/keyring';
import type { Log } from '@chargeproof/log';
import type { SealingKeys } from '@chargeproof/record';
import { ImportFailed } from './import-failed.ts';
import type { ImportedBy, ImportTarget } from './import-target.ts';

/**
 * The log on Kafka, which takes records from anybody; so whoever imports does it alone. The folder is where the key
 * file is, the one that the log is sealed with.
 * @throws ImportFailed, LogFailed, KeyringUnusable, each in one line
 */
export async function openSharedTarget(
  folder: string,
  connection: KafkaConnection,
  by: ImportedBy,
): Promise<ImportTarget> {
  // Loaded only here: a folder's own log needs no Kafka client.
  const { openKafkaLog, takeTurn } = await import('@chargeproof/log-kafka');
  const log = await openKafkaLog(connection);
  try {
    const keys = await keysFor(log, dataLayout(folder).keys, by);
    const turn = await takeTurn(connection, 'import');
    if (turn === undefined)
      throw new ImportFailed(
        `another import into ${connection.topicPrefix}ocpp.frames on ${connection.brokers.join(', ')} is under way`,
      );
    return {
      log,
      keys,
      append: async (records) => {
        turn.check();
        await log.append('ocpp.frames', records);
      },
      close: async () => {
        await turn.release();
        await log.close();
      },
    };
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** A log that holds records has a key file, and it is the one that whoever was the first to write named. */
async function keysFor(log: Log, folder: string, by: ImportedBy): Promise<SealingKeys> {
  const ends = [
    ...(await log.end('ocpp.frames')).values(),
    ...(await log.end('platform.decisions')).values(),
  ];
  const isEmpty = ends.every((end) => end === 0);
  const keys =
    isEmpty || existsSync(join(folder, KEY_FILE)) ? await openKeyring(folder) : await readKeyring(folder);
  await agreeOnKey(log, { folder, keys }, by);
  return keys;
}
