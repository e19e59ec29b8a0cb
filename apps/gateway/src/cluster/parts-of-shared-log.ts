import { existsSync } from 'node:fs';
import { type DataLayout, variableName } from '@chargeproof/config';
import { agreeOnKey } from '@chargeproof/keyring';
import { LogFailed } from '@chargeproof/log';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import { lockFile } from '@chargeproof/process';
import { leastAt, reservedBefore } from '../central-system/transaction-id-file.ts';
import { type FolderParts, keysFor, type PartsOptions } from '../folder-parts.ts';
import { previousRun } from '../run/previous-run.ts';
import { type PreviousRun, RunFile } from '../run/run-history.ts';
import { UnusableSetting } from '../settings.ts';
import { ClaimedTransactionIds } from './claimed-transaction-ids.ts';
import { TransactionIdClaims } from './transaction-id-claims.ts';

/**
 * Of a folder whose gateway shares its log with others (decision 17).
 * @throws KeyringUnusable where the log is sealed with another key file; LogFailed, UnusableSetting
 */
export async function partsOfSharedLog(options: PartsOptions): Promise<FolderParts> {
  const { layout, log, clock, run, onTrouble } = options;
  const wall = () => clock.wall();
  const keys = await keysFor(log, layout.keys);
  await agree(options, { folder: layout.keys, keys });
  const transactionIds = new ClaimedTransactionIds({
    file: layout.claimedTransactionIds,
    claims: new TransactionIdClaims({
      ...{ log, run: run.id, wall },
      // Beyond those that this folder gave while it had a log of its own.
      least: () => Math.max(reservedBefore(layout.transactionIds), leastAt(wall())),
    }),
    onFailure: onTrouble,
  });
  await transactionIds.ready();
  const runs = new RunFile({ file: layout.run, before: () => lastRunOfOwnLog(layout), onTrouble });
  return { keys, transactionIds, runs };
}

/** A folder that was on this log before may begin while the log is away; the next start compares again. */
async function agree(
  { layout, log, run, onTrouble }: PartsOptions,
  ours: Parameters<typeof agreeOnKey>[1],
): Promise<void> {
  try {
    await agreeOnKey(log, ours, { run: run.id, time: run.started });
  } catch (error) {
    if (!(error instanceof LogFailed) || !existsSync(layout.run)) throw error;
    onTrouble(new Error(`the key file was not compared with the log's: ${error.message}`, { cause: error }));
  }
}

/** The log that the folder had before it was moved here. */
async function lastRunOfOwnLog({ log: folder }: DataLayout): Promise<PreviousRun> {
  if (!existsSync(folder)) return undefined;
  const log = await openSqliteLogReader({ folder });
  try {
    return await previousRun(log);
  } finally {
    await log.close();
  }
}

/**
 * One gateway a folder: two would give the same transaction ids, and take each other for the previous run.
 * @returns gives the folder back. @throws UnusableSetting naming the setting
 */
export function lockFolder(folder: string, file: string): () => void {
  const unlock = lockFile(file);
  if (unlock !== undefined) return unlock;
  throw new UnusableSetting(
    `another gateway runs in ${folder}: set ${variableName('data', 'folder')} of this one to a folder of its own, with a copy of the key file`,
  );
}
