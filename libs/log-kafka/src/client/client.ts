import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import { type Fault, faultOf } from './faults.ts';
import { quietLog } from './normal.ts';
import { encodeRecordsAtOnce } from './record-encoding.ts';
import { calmRequestQueues } from './request-queue.ts';

export type KafkaOptions = {
  /** As `host:port`; others of the cluster are found through them. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Stands before the names of topics and groups. */
  readonly topicPrefix: string;
  /** Copies of each partition, where the topics are made. */
  readonly replication: number;
  /** Present: TLS is spoken, with these PEM texts; without `ca` the brokers are verified by what Node knows. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** What is to be done about a fault in how the brokers are reached, as a line of ours ends with it. */
  readonly remedies?: Readonly<Record<Fault, string>>;
  /** A member of a group that is not heard of for so long is taken for dead. 30 s. */
  readonly sessionMs?: number;
  /** Called with what kafkajs has to say and is not how things go, a line each. */
  readonly onTrouble?: (line: string) => void;
};

/** A lost broker is tried again for about half a minute: longer than it takes to elect another leader. */
export const RETRY = { initialRetryTime: 100, multiplier: 2, factor: 0.2, maxRetryTime: 1000, retries: 30 };

/** At start nobody was there yet: an address that is wrong is said soon, and whoever supervises starts us again. */
export const RETRY_AT_START = { ...RETRY, retries: 5 };

export function createClient(options: KafkaOptions, retry = RETRY): Kafka {
  const { brokers, clientId, onTrouble } = options;
  calmRequestQueues();
  encodeRecordsAtOnce();
  return new Kafka({
    brokers: [...brokers],
    clientId,
    ...securityOf(options),
    connectionTimeout: 5000,
    retry,
    logLevel: logLevel.WARN,
    logCreator: quietLog(onTrouble ?? (() => undefined)),
  });
}

function securityOf({ tls, sasl }: KafkaOptions): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  return {
    ...(tls && { ssl: { ...tls, minVersion: 'TLSv1.2' } }),
    ...(sasl && { sasl: { ...sasl } as SASLOptions }),
  };
}

/** One line that says what kafkajs said, its first cause. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: unknown; cause?: unknown };
  if (cause instanceof Error) return reasonOf(cause);
  return typeof message === 'string' ? message : String(error);
}

/** As {@link reasonOf}, and what is to be done where how the brokers are reached is at fault. */
export function reasonAndRemedy(error: unknown, options: KafkaOptions): string {
  const reason = reasonOf(error);
  const fault = faultOf(reason);
  const remedy = fault && options.remedies?.[fault];
  return remedy === undefined ? reason : `${reason}; ${remedy}`;
}
