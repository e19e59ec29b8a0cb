import { type DataLayout, dataLayout, type KafkaConnection } from '@chargeproof/config';
import { openKeyring, readKeyring } from '@chargeproof/keyring';
import { type AppendRequest, type Log, LogOwned, type LogReader } from '@chargeproof/log';
import { openSqliteLog, openSqliteLogReader } from '@chargeproof/log-sqlite';
import type { Micros, RunId, SealingKeys } from '@chargeproof/record';
import { writeRecord } from '@chargeproof/recordings';
import { ownerOf } from '../owner.ts';
import { ImportFailed } from './import-failed.ts';
import { openSharedTarget } from './shared-target.ts';

/** The run of the command, and when it began. */
export type ImportedBy = { readonly run: RunId; readonly time: Micros };

/** A log that records are brought to, and the key file it is sealed with. */
export type ImportTarget = {
  readonly log: LogReader;
  readonly keys: SealingKeys;
  /** Resolves when all are durable. @throws ImportFailed, LogFull, LogFailed */
  append(records: readonly AppendRequest[]): Promise<void>;
  close(): Promise<void>;
};

/**
 * The log on Kafka, where brokers are named. Else the folder as its owner, and made where it is not there; or
 * through the gateway that owns it.
 * @throws ImportFailed, LogFailed, KeyringUnusable, each in one line
 */
export async function openTarget(
  folder: string,
  kafka: KafkaConnection | undefined,
  by: ImportedBy,
): Promise<ImportTarget> {
  if (kafka !== undefined) return openSharedTarget(folder, kafka, by);
  const layout = dataLayout(folder);
  try {
    return await ownTarget(await openSqliteLog({ folder: layout.log }), layout);
  } catch (error) {
    if (!(error instanceof LogOwned)) throw error;
    return borrowedTarget(folder, layout, error);
  }
}

async function ownTarget(log: Log, { keys }: DataLayout): Promise<ImportTarget> {
  try {
    const ends = await log.end('ocpp.frames');
    const isEmpty = [...ends.values()].every((end) => end === 0);
    return {
      log,
      // A log that holds records has a key file; a new one would open nothing of it.
      keys: isEmpty ? await openKeyring(keys) : await readKeyring(keys),
      append: async (records) => {
        await log.append('ocpp.frames', records);
      },
      close: () => log.close(),
    };
  } catch (error) {
    await log.close();
    throw error;
  }
}

async function borrowedTarget(folder: string, layout: DataLayout, owned: LogOwned): Promise<ImportTarget> {
  const owner = await ownerOf(folder, 'ingest.json');
  if (owner === undefined) throw new ImportFailed(`${owned.message}, and does not answer`);
  const keys = await readKeyring(layout.keys);
  const log = await openSqliteLogReader({ folder: layout.log });
  return {
    log,
    keys,
    append: (records) => send(`${owner.address}/records`, owner.token, records.map(writeRecord).join('')),
    close: () => log.close(),
  };
}

async function send(url: string, token: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/jsonl' };
  let response: Response;
  try {
    response = await fetch(url, { method: 'POST', headers, body });
  } catch (error) {
    throw new ImportFailed('the gateway that owns the log is gone: run the import again', { cause: error });
  }
  if (response.ok) {
    await response.body?.cancel();
    return;
  }
  const { error } = (await response.json().catch(() => ({}))) as { readonly error?: string };
  throw new ImportFailed(
    `the gateway that owns the log answered ${response.status}: ${error ?? 'without a reason'}`,
  );
}
