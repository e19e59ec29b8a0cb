import { join } from 'node:path';

/** What lies where in a data folder. The key file stands beside the log, never in it. */
export type DataLayout = {
  readonly log: string;
  readonly keys: string;
  readonly tables: string;
  /** The file of the ids that the built-in central system has given to transactions. */
  readonly transactionIds: string;
  /** Of a gateway that shares its log: the ids claimed there, the run that began last, the lock of the folder. */
  readonly claimedTransactionIds: string;
  readonly run: string;
  readonly gatewayLock: string;
  /** What a gateway knows of who may boot and charge, and up to where in the log. */
  readonly policy: string;
  /** What the shared log has not taken yet. */
  readonly spool: string;
};

export function dataLayout(folder: string): DataLayout {
  return {
    log: join(folder, 'log'),
    keys: join(folder, 'keys'),
    tables: join(folder, 'tables'),
    transactionIds: join(folder, 'transaction-ids.json'),
    claimedTransactionIds: join(folder, 'claimed-transaction-ids.json'),
    run: join(folder, 'run.json'),
    gatewayLock: join(folder, 'gateway.lock'),
    policy: join(folder, 'policy.jsonl'),
    spool: join(folder, 'spool'),
  };
}
