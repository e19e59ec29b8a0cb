import { numberedOn, type Numbering, type Offsets } from '@chargeproof/log';
import type { Cluster } from './client/inside.ts';
import { isPassing, lookAgain, untilItPasses } from './client/retrying.ts';
import type { OutgoingMessage } from './message.ts';

/** partition → what goes there, in order. */
export type Parts = ReadonlyMap<number, readonly OutgoingMessage[]>;

const ALL_COPIES = -1;
/** Of transactions, which there are none of: the request wants one. */
const TRANSACTION_TIMEOUT_MS = 60_000;

/**
 * Sends to one topic, each partition's part under numbers of its own, so that one that is sent again is there once.
 *
 * kafkajs's own producer does not hold that where several brokers lead: it tries a whole batch again as soon as one
 * broker fails, and what another still has under way, or has taken and does not lead any more, is sent to it again
 * under new numbers. Here all brokers are waited for before the next attempt, and a part keeps its number until it
 * is taken. And kafkajs keeps its numbers to itself, so that they die with the process.
 */
export class NumberedProducer {
  readonly #cluster: Cluster;
  readonly #topic: string;
  readonly #patienceMs: number;
  #numbering: Numbering | undefined;

  /** @param patienceMs after which no further attempt begins */
  constructor(cluster: Cluster, topic: string, patienceMs: number) {
    this.#cluster = cluster;
    this.#topic = topic;
    this.#patienceMs = patienceMs;
  }

  /** @throws what kafkajs throws, where the brokers do not answer for about as long as an election takes */
  async connect(): Promise<void> {
    const again = (error: unknown) => lookAgain(this.#cluster, error);
    this.#numbering = await untilItPasses(async () => {
      const broker = await this.#cluster.findControllerBroker();
      const request = { transactionTimeout: TRANSACTION_TIMEOUT_MS };
      const { producerId, producerEpoch } = await broker.initProducerId(request);
      return { producer: producerId, epoch: producerEpoch, next: new Map() };
    }, again);
  }

  get numbering(): Numbering {
    if (this.#numbering === undefined) throw new TypeError('it is not connected');
    return this.#numbering;
  }

  resume(numbering: Numbering): void {
    this.#numbering = numbering;
  }

  /**
   * Until every part is taken. One at a time: numbers are given in the order of the calls.
   * @returns partition → the offset of the first record of its part
   * @throws what does not pass by waiting, or what there was when patience ended
   */
  async send(parts: Parts): Promise<Offsets> {
    const taken = new Map<number, number>();
    const begun = performance.now();
    await untilItPasses(
      () => this.#attempt(parts, taken),
      (error) => lookAgain(this.#cluster, error),
      () => performance.now() - begun < this.#patienceMs,
    );
    return taken;
  }

  async #attempt(parts: Parts, taken: Map<number, number>): Promise<void> {
    try {
      await this.#cluster.refreshMetadataIfNecessary();
      const missing = [...parts.keys()].filter((partition) => !taken.has(partition));
      const leaders = this.#cluster.findLeaderForPartitions(this.#topic, missing);
      // All are waited for: what is under way must not be sent beside itself.
      const outcomes = await Promise.allSettled(
        Object.entries(leaders).map(([nodeId, led]) => this.#ask(nodeId, led, parts, taken)),
      );
      const errors = outcomes
        .filter((outcome) => outcome.status === 'rejected')
        .map(({ reason }) => reason as Error);
      const worst = errors.find((error) => !isPassing(error)) ?? errors[0];
      if (worst !== undefined) throw worst;
    } catch (error) {
      throw firstOf(error);
    }
    if (taken.size < parts.size)
      throw Object.assign(new Error('a partition has no leader'), { retriable: true });
  }

  async #ask(
    nodeId: string,
    partitions: readonly number[],
    parts: Parts,
    taken: Map<number, number>,
  ): Promise<void> {
    const { producer, epoch, next } = this.numbering;
    const broker = await this.#cluster.findBroker({ nodeId });
    const { topics } = await broker.produce({
      acks: ALL_COPIES,
      producerId: producer,
      producerEpoch: epoch,
      topicData: [
        {
          topic: this.#topic,
          partitions: partitions.map((partition) => ({
            partition,
            firstSequence: next.get(partition) ?? 0,
            messages: parts.get(partition) ?? [],
          })),
        },
      ],
    });
    const answered = topics.flatMap((topic) => topic.partitions);
    for (const { partition, baseOffset } of answered) taken.set(partition, Number(baseOffset));
    const records = answered.flatMap(({ partition }) => parts.get(partition) ?? []);
    this.#numbering = numberedOn(
      this.numbering,
      records.map(({ partition }) => partition),
    );
  }
}

/** kafkajs calls what it has tried for long enough final: whether it passes is told by what it tried. */
function firstOf(error: unknown): unknown {
  const { name, cause } = error as { name?: unknown; cause?: unknown };
  return name === 'KafkaJSNumberOfRetriesExceeded' ? (cause ?? error) : error;
}
