import { Kafka, logLevel } from 'kafkajs';
import { quietLog } from './normal.ts';
import { calmRequestQueues } from './request-queue.ts';

export type KafkaOptions = {
  /** As `host:port`; others of the cluster are found through them. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Stands before the names of topics and groups. */
  readonly topicPrefix: string;
  /** Copies of each partition, where the topics are made. */
  readonly replication: number;
  /** A member of a group that is not heard of for so long is taken for dead. 30 s. */
  readonly sessionMs?: number;
  /** Called with what kafkajs has to say and is not how things go, a line each. */
  readonly onTrouble?: (line: string) => void;
};

/** A lost broker is tried again for about half a minute: longer than it takes to elect another leader. */
export const RETRY = { initialRetryTime: 100, multiplier: 2, factor: 0.2, maxRetryTime: 1000, retries: 30 };

/** At start nobody was there yet: an address that is wrong is said soon, and whoever supervises starts us again. */
export const RETRY_AT_START = { ...RETRY, retries: 5 };

export function createClient({ brokers, clientId, onTrouble }: KafkaOptions, retry = RETRY): Kafka {
  calmRequestQueues();
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 5000,
    retry,
    logLevel: logLevel.WARN,
    logCreator: quietLog(onTrouble ?? (() => undefined)),
  });
}

/** One line that says what kafkajs said, its first cause. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: unknown; cause?: unknown };
  if (cause instanceof Error) return reasonOf(cause);
  return typeof message === 'string' ? message : String(error);
}
