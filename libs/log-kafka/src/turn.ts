import { LogFailed, type Topic } from '@chargeproof/log';
import type { Consumer } from 'kafkajs';
import { createClient, type KafkaOptions, reasonOf } from './client/client.ts';
import { openConsumer, sessionOf } from './client/consumer.ts';
import { toIncumbent } from './client/incumbent.ts';

/** What only one process at a time may do on a log that any number may append to. */
export type Turn = {
  /** To be asked before each step. @throws LogFailed where another may have the turn by now */
  check(): void;
  release(): Promise<void>;
};

/** Its one partition is what there is one of. */
const TOPIC: Topic = 'platform.decisions';
/** A holder that is not heard of for so long is taken for dead: as long as whoever comes after one that was killed waits. */
const SESSION_MS = 10_000;
/** Of a session, how much may pass without a word from the coordinator before the turn counts as lost. */
const LOST_AFTER = 2 / 3;

/**
 * Takes a turn that brokers keep: membership of a group whose one partition goes to who holds it already. A process
 * that was killed has it for a session more, so that what it had under way is in the log before the next one looks.
 * What a session cannot see: a holder that the system stops between its check and what it does, for a third of one
 * or longer.
 * @returns undefined where another process has it
 * @throws LogFailed
 */
export async function takeTurn(options: KafkaOptions, name: string): Promise<Turn | undefined> {
  const holding = new Holding({ sessionMs: SESSION_MS, ...options }, name);
  if (await holding.decided) return holding;
  await holding.release();
  return undefined;
}

class Holding implements Turn {
  readonly decided: Promise<boolean>;
  readonly #session: number;
  readonly #consumer: Promise<Consumer>;
  #holds = false;
  #heard = 0;
  #lost: string | undefined;

  constructor(options: KafkaOptions, name: string) {
    this.#session = sessionOf(options);
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.decided = promise;
    const topic = options.topicPrefix + TOPIC;
    this.#consumer = openConsumer(createClient(options), {
      groupId: options.topicPrefix + name,
      topic,
      options,
      maxBytes: 1,
      assigner: toIncumbent(() => this.#holds),
      joined: (consumer, partitions) => {
        consumer.pause([{ topic }]);
        this.#hear();
        if (this.#holds && partitions.length === 0) this.#lost = 'another process has it';
        this.#holds = partitions.length > 0;
        resolve(this.#holds);
      },
      heard: () => {
        this.#hear();
      },
      mayRestart: () => !this.#holds,
      eachBatch: () => Promise.resolve(),
      crashed: (error) => {
        this.#lost = reasonOf(error);
        reject(new LogFailed(`the group ${name} cannot be joined: ${reasonOf(error)}`, { cause: error }));
      },
    });
    this.#consumer.catch(reject);
  }

  check(): void {
    const silent = performance.now() - this.#heard;
    const why =
      this.#lost ?? (silent > this.#session * LOST_AFTER ? 'the brokers were not heard' : undefined);
    if (why !== undefined) throw new LogFailed(`the turn is lost: ${why}`);
  }

  async release(): Promise<void> {
    const consumer = await this.#consumer;
    await consumer.disconnect();
  }

  #hear(): void {
    this.#heard = performance.now();
  }
}
