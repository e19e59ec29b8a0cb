import type { AppendRequest } from '@chargeproof/log';
import { Spool } from './spool.ts';
import { SpooledLog } from './spooled-log.ts';
import type { SpoolStore } from './store.ts';
import { type LogBehind, Upstream } from './upstream.ts';

export type { SpoolStatus } from './spooled-log.ts';
export { SpooledLog } from './spooled-log.ts';

export type SpooledLogOptions = {
  /** @throws LogAway where the log cannot be reached now; LogFailed where it is not as it must be */
  readonly openLog: () => Promise<LogBehind>;
  readonly store: SpoolStore;
  /** What the log has not acknowledged after so long is spooled. */
  readonly spoolAfterMilliseconds: number;
  /** What the spool may take on disk. */
  readonly maxBytes: number;
  readonly isOfTheReserve: (record: AppendRequest) => boolean;
  /** Of a part of the spool, which is removed whole once it is drained. 64 MiB. */
  readonly segmentBytes?: number;
  /** Between attempts to reach the log. 1 s. */
  readonly retryMilliseconds?: number;
  /** How long a log that says nothing is waited for at start. 15 s. */
  readonly beginMilliseconds?: number;
  /** A line each. */
  readonly onTrouble?: (line: string) => void;
  readonly onNews?: (line: string) => void;
};

/**
 * A log with a spool before it. Comes up where the log cannot be reached, and drains first what earlier runs left.
 * @throws LogFailed where the log is there and not as it must be, or the spool cannot be read
 */
export async function openSpooledLog(options: SpooledLogOptions): Promise<SpooledLog> {
  const { openLog, store, maxBytes, isOfTheReserve, spoolAfterMilliseconds } = options;
  const { segmentBytes = 64 * 1024 * 1024, retryMilliseconds = 1000, beginMilliseconds = 15_000 } = options;
  const { onTrouble = () => undefined, onNews = () => undefined } = options;
  const spool = await Spool.open(store, { maxBytes, segmentBytes, isOfTheReserve });
  const upstream = new Upstream({ openLog, retryMilliseconds, beginMilliseconds, onTrouble });
  await upstream.begin().catch(async (error: unknown) => {
    await spool.close();
    throw error;
  });
  return new SpooledLog({
    upstream,
    spool,
    spoolAfterMilliseconds,
    retryMilliseconds,
    onTrouble,
    onNews,
  });
}
