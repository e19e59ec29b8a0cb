import { type AppendRequest, type NumberedLog, type Numbering, type Topic, TOPICS } from '@chargeproof/log';
import type { Position } from '@chargeproof/record';
import type { Kafka } from 'kafkajs';
import type { KafkaOptions } from './client/client.ts';
import { type Cluster, clusterOf } from './client/inside.ts';
import { retrying } from './client/retrying.ts';
import { KafkaLogReader } from './kafka-log-reader.ts';
import { NumberedProducer } from './numbered-producer.ts';
import { SendLoop } from './send-loop.ts';

/** As long as Kafka's own client tries by default. */
const DELIVERY_MS = 120_000;
/**
 * Half of `producer.id.expiration.ms`: a broker that was not heard of for longer may have taken a batch, and has
 * forgotten its numbers. It would take it again.
 */
const PATIENT_MS = 12 * 60 * 60 * 1000;
const FRAMES = 'ocpp.frames';
const DECISIONS = 'platform.decisions';

export type AppendOptions = {
  /**
   * What is appended is tried under the same sequence numbers for as long as brokers surely know them, half a day,
   * so that it is in the log once whenever they come back. Else it fails the log for good after two minutes.
   */
  readonly isPatient?: boolean;
};

/**
 * Reads and appends. Any number of processes may hold one: what `LogOwned` guards in a folder, the keys of the
 * records do here. A call that is rejected with LogFailed may be in the log, whole or in part: brokers take the
 * partitions of a call apart, and one that is not heard of may have taken what it was sent.
 */
export class KafkaLog extends KafkaLogReader implements NumberedLog {
  /** Of its own: what is sent does not wait for what is read. */
  readonly #cluster: Cluster;
  readonly #names: readonly string[];
  readonly #producers: Readonly<Record<Topic, NumberedProducer>>;
  readonly #loops: Readonly<Record<Topic, SendLoop>>;
  #closing: Promise<void> | undefined;

  constructor(kafka: Kafka, options: KafkaOptions, { isPatient = false }: AppendOptions = {}) {
    super(kafka, options);
    this.#cluster = clusterOf(kafka);
    this.#names = Object.keys(TOPICS).map((topic) => options.topicPrefix + topic);
    const producer = (topic: Topic) =>
      new NumberedProducer(this.#cluster, options.topicPrefix + topic, isPatient ? PATIENT_MS : DELIVERY_MS);
    const loop = (topic: Topic) => new SendLoop(topic, this.#producers[topic]);
    this.#producers = { [FRAMES]: producer(FRAMES), [DECISIONS]: producer(DECISIONS) };
    this.#loops = { [FRAMES]: loop(FRAMES), [DECISIONS]: loop(DECISIONS) };
  }

  override async connect(): Promise<void> {
    await super.connect();
    await this.#cluster.connect();
    await retrying(this.#cluster, () => this.#cluster.addMultipleTargetTopics(this.#names));
    await Promise.all(Object.values(this.#producers).map((producer) => producer.connect()));
  }

  append(topic: Topic, records: readonly AppendRequest[]): Promise<readonly Position[]> {
    return this.#loops[topic].append(records);
  }

  get numbering(): Numbering {
    return this.#producers[FRAMES].numbering;
  }

  resume(numbering: Numbering): void {
    this.#producers[FRAMES].resume(numbering);
  }

  override close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all(Object.values(this.#loops).map((loop) => loop.close()));
    await this.#cluster.disconnect();
    await super.close();
  }
}
