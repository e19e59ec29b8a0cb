import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataLayout } from '@chargeproof/config';
import { KEY_FILE, openKeyring, readKeyring } from '@chargeproof/keyring';
import type { Log, LogReader } from '@chargeproof/log';
import type { SealingKeys } from '@chargeproof/record';
import type { TransactionIds } from './central-system/central-system.ts';
import { TransactionIdFile } from './central-system/transaction-id-file.ts';
import type { Clock } from './clock.ts';
import type { Run } from './run/run.ts';
import { historyInLog, type RunHistory } from './run/run-history.ts';

/** What a run has of its data folder, beside the log. */
export type FolderParts = {
  readonly keys: SealingKeys;
  readonly transactionIds: TransactionIds;
  readonly runs: RunHistory;
};

export type PartsOptions = {
  readonly layout: DataLayout;
  readonly log: Log;
  readonly clock: Clock;
  readonly run: Run;
  readonly onTrouble: (error: Error) => void;
};

/** Of a folder that owns its log. @throws KeyringUnusable, LogFailed, UnusableSetting */
export async function partsOfOwnLog({ layout, log, clock, onTrouble }: PartsOptions): Promise<FolderParts> {
  return {
    keys: await keysFor(log, layout.keys),
    transactionIds: new TransactionIdFile({
      file: layout.transactionIds,
      wall: () => clock.wall(),
      onFailure: onTrouble,
    }),
    runs: historyInLog(log),
  };
}

/** A log that holds records has a key file; a new one would open nothing of it. */
export async function keysFor(log: LogReader, folder: string): Promise<SealingKeys> {
  if (existsSync(join(folder, KEY_FILE))) return openKeyring(folder);
  const ends = await log.end('ocpp.frames');
  const isEmpty = [...ends.values()].every((end) => end === 0);
  return isEmpty ? openKeyring(folder) : readKeyring(folder);
}
