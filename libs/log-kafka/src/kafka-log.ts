import type { AppendRequest, Log, Topic } from '@chargeproof/log';
import type { Position } from '@chargeproof/record';
import type { Kafka, Producer } from 'kafkajs';
import { createClient, type KafkaOptions, RETRY, RETRY_FOR_EVER } from './client/client.ts';
import { KafkaLogReader } from './kafka-log-reader.ts';
import { SendLoop } from './send-loop.ts';

/** Longer than the send loop waits for an acknowledgement. */
const TRIES_OF_A_SEND = 500;

export type AppendOptions = {
  /**
   * What is appended is tried for as long as the process lives, under the same sequence numbers, so that it is in
   * the log once whenever the brokers come back. Else it fails the log for good after two minutes.
   */
  readonly isPatient?: boolean;
};

/**
 * Reads and appends. Any number of processes may hold one: what `LogOwned` guards in a folder, the keys of the
 * records do here. A call that is rejected with LogFailed may be in the log, whole or in part: brokers take the
 * partitions of a call apart, and one that is not heard of may have taken what it was sent.
 */
export class KafkaLog extends KafkaLogReader implements Log {
  readonly #producer: Producer;
  readonly #sending: SendLoop;
  #closing: Promise<void> | undefined;

  constructor(kafka: Kafka, options: KafkaOptions, { isPatient = false }: AppendOptions = {}) {
    super(kafka, options);
    // Its cluster tries, too: one that gave up would end the trying of the producer.
    this.#producer = (isPatient ? createClient(options, RETRY_FOR_EVER) : kafka).producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition ?? 0,
      retry: isPatient ? RETRY_FOR_EVER : { ...RETRY, retries: TRIES_OF_A_SEND },
    });
    this.#sending = new SendLoop(this.#producer, options.topicPrefix, isPatient);
  }

  override async connect(): Promise<void> {
    await super.connect();
    await this.#producer.connect();
  }

  append(topic: Topic, records: readonly AppendRequest[]): Promise<readonly Position[]> {
    return this.#sending.append(topic, records);
  }

  override close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#sending.close();
    await this.#producer.disconnect();
    await super.close();
  }
}
