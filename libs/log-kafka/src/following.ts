import type { BatchHandler, Offsets, ReadRequest, Subscription } from '@chargeproof/log';
import { after, LogFailed, PartitionClock } from '@chargeproof/log';
import type { LoggedRecord } from '@chargeproof/record';
import { randomUUID } from 'node:crypto';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { within } from './bounds.ts';
import { type KafkaOptions, reasonOf } from './client/client.ts';
import { openConsumer } from './client/consumer.ts';
import type { ReadRecord } from './message.ts';
import type { TopicReader } from './topic-reader.ts';
import { GENERATION } from './topics.ts';

export type Source = {
  readonly kafka: Kafka;
  readonly topic: TopicReader;
  readonly options: KafkaOptions;
};

/**
 * A subscription: a consumer alone in a group of its own, which has all partitions, reads those that are
 * wanted from where it is told, and commits nothing. Who shares partitions with others is a member of a group
 * beside it (`membership.ts`), so that no rebalance ever meets a batch in hand.
 */
export class Following implements Subscription {
  readonly failed: Promise<never>;
  readonly #source: Source;
  readonly #request: ReadRequest;
  readonly #handler: BatchHandler;
  readonly #fail: (error: unknown) => void;
  readonly #started: Promise<void>;
  #consumer: Consumer | undefined;
  #clock = new PartitionClock();
  #next: Offsets;
  #inHand: Promise<void> = Promise.resolve();
  #isOver = false;
  #closing: Promise<void> | undefined;

  constructor(source: Source, request: ReadRequest, handler: BatchHandler) {
    this.#source = source;
    this.#request = request;
    this.#handler = handler;
    const { promise, reject } = Promise.withResolvers<never>();
    this.failed = promise;
    this.#fail = (error) => {
      this.#isOver = true;
      reject(error);
    };
    const wanted = request.partitions ?? source.topic.partitions;
    this.#next = new Map(wanted.map((partition) => [partition, request.from.get(partition) ?? 0]));
    this.#started = this.#start().catch(this.#fail);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#isOver = true;
    await this.#started;
    await this.#inHand;
    await this.#consumer?.disconnect();
  }

  async #start(): Promise<void> {
    const { kafka, topic, options } = this.#source;
    topic.checkWithin(this.#next, await topic.end());
    this.#clock = new PartitionClock(await topic.stampsBefore(this.#next));
    this.#consumer = await openConsumer(kafka, {
      groupId: `${options.topicPrefix}reader.${randomUUID()}`,
      topic: topic.name,
      options,
      maxBytes: this.#request.maxBytes,
      joined: (consumer, assigned) => {
        this.#seek(consumer, assigned);
      },
      mayRestart: () => !this.#isOver,
      eachBatch: (payload) => this.#take(payload),
      crashed: (error) => {
        this.#fail(new LogFailed(`the log cannot be read: ${reasonOf(error)}`, { cause: error }));
      },
    });
  }

  /** After every joining: kafkajs would go on from what the group committed, which is nothing. */
  #seek(consumer: Consumer, assigned: readonly number[]): void {
    const topic = this.#source.topic.name;
    consumer.pause([{ topic, partitions: assigned.filter((partition) => !this.#next.has(partition)) }]);
    for (const partition of assigned) {
      const offset = this.#next.get(partition) ?? 0;
      consumer.seek({ topic, partition, offset: String(offset) });
    }
  }

  async #take(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { partition } = batch;
    const from = this.#next.get(partition);
    if (from === undefined) return;
    const { topic } = this.#source;
    try {
      if (Number(batch.highWatermark) < from)
        throw new LogFailed(`${batch.topic}, partition ${partition} was cut off below what was read of it`);
      // Below `from` lies what was in hand while the consumer joined again.
      let rest = topic.piece(partition, from, batch.messages).records;
      while (rest.length > 0) {
        if (this.#isOver || !payload.isRunning() || payload.isStale()) return;
        const part = within(rest, this.#request);
        rest = rest.slice(part.length);
        await this.#hand(part.map((record) => this.#stamped(partition, record)));
        payload.resolveOffset(String(part.at(-1)?.offset));
        await payload.heartbeat();
      }
    } catch (error) {
      // What kafkajs throws, a rebalance among it, it also takes care of: the batch is left to it.
      if (isOfKafkajs(error)) throw error;
      this.#fail(error);
    }
  }

  async #hand(batch: readonly LoggedRecord[]): Promise<void> {
    const handling = this.#handler(batch);
    this.#inHand = handling.catch(() => undefined);
    await handling;
    this.#next = after(this.#next, batch);
  }

  #stamped(partition: number, { key, attributes, value, offset, appended }: ReadRecord): LoggedRecord {
    const loggedAt = this.#clock.stamp(partition, appended, attributes.loggedat);
    return { key, attributes, value, loggedAt, position: { generation: GENERATION, partition, offset } };
  }
}

const isOfKafkajs = (error: unknown) => error instanceof Error && error.name.startsWith('KafkaJS');
