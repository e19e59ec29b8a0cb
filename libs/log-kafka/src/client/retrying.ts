import { LogFailed } from '@chargeproof/log';
import type { Cluster } from './inside.ts';
import { reasonOf, RETRY } from './client.ts';

/**
 * Asks the cluster again while a broker is away or another one begins to lead.
 * @throws LogFailed when that did not help, or cannot
 */
export async function retrying<Result>(cluster: Cluster, work: () => Promise<Result>): Promise<Result> {
  const ask = async () => {
    await cluster.refreshMetadataIfNecessary();
    return work();
  };
  try {
    return await untilItPasses(ask, (error) => lookAgain(cluster, error));
  } catch (error) {
    if (error instanceof LogFailed) throw error;
    throw new LogFailed(`the log cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

/** Which brokers there are, and who leads, after an attempt that failed. */
export async function lookAgain(cluster: Cluster, error: unknown): Promise<void> {
  forgetClosed(cluster, error);
  // Fails as the work did where no broker answers: the next attempt tells.
  await cluster.refreshMetadata().catch(() => undefined);
}

const FOR_AN_ELECTION = (attempt: number) => attempt <= RETRY.retries;

/**
 * Tries again what may pass.
 * @param mayTry after so many attempts; for about as long as an election takes where it is absent
 * @throws what the last attempt threw
 */
export async function untilItPasses<Result>(
  work: () => Promise<Result>,
  between: (error: unknown) => Promise<void> = () => Promise.resolve(),
  mayTry = FOR_AN_ELECTION,
): Promise<Result> {
  let pause = RETRY.initialRetryTime;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || !mayTry(attempt)) throw error;
      await passed(pause);
      pause = Math.min(pause * RETRY.multiplier, RETRY.maxRetryTime);
      await between(error);
    }
  }
}

export const isPassing = (error: unknown) => (error as { retriable?: unknown }).retriable === true;

/** kafkajs keeps a broker whose connection was closed until it is told. */
function forgetClosed(cluster: Cluster, error: unknown): void {
  const { name, host, port } = error as { name?: unknown; host?: unknown; port?: unknown };
  if (name !== 'KafkaJSConnectionClosedError') return;
  if (typeof host === 'string' && typeof port === 'number') cluster.removeBroker({ host, port });
}

const passed = (milliseconds: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
