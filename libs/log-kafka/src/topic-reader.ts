import { LogFailed, type Offsets, PartitionClock, type Topic, TOPICS } from '@chargeproof/log';
import type { Micros } from '@chargeproof/record';
import type { Cluster, FetchedMessage } from './client/inside.ts';
import { retrying } from './client/retrying.ts';
import { fromMessage, type ReadRecord } from './message.ts';

/** What one partition gave to a fetch. */
export type Piece = {
  readonly partition: number;
  readonly records: readonly ReadRecord[];
  /** Where to go on: behind the last record, or behind what is none (control records have offsets, too). */
  readonly next: number;
};

/** How many records before a place are looked at for the latest `loggedAt` there. */
const LOOK_BACK = 100;
const LOOK_BACK_BYTES = 1024 * 1024;
/** A fetch is answered at once where there is something; only what is known to be there is asked for. */
const WAIT_MS = 100;

/** Reads one topic from where it is told, without a group. */
export class TopicReader {
  readonly topic: Topic;
  readonly name: string;
  readonly partitions: readonly number[];
  readonly #cluster: Cluster;

  constructor(cluster: Cluster, topic: Topic, prefix: string) {
    this.#cluster = cluster;
    this.topic = topic;
    this.name = prefix + topic;
    this.partitions = Array.from({ length: TOPICS[topic] }, (_, partition) => partition);
  }

  /** partition → the offset after its last record that all copies have. */
  async end(): Promise<Offsets> {
    const partitions = this.partitions.map((partition) => ({ partition }));
    return retrying(this.#cluster, async () => {
      const [found] = await this.#cluster.fetchTopicsOffset([
        { topic: this.name, partitions, fromBeginning: false },
      ]);
      const ends = (found?.partitions ?? []).map(
        ({ partition, offset }) => [partition, Number(offset)] as const,
      );
      return new Map(ends.toSorted(([a], [b]) => a - b));
    });
  }

  /** @param from of each partition that is wanted; each must be at or below its end */
  async fetch(from: Offsets, maxBytes: number): Promise<readonly Piece[]> {
    const responses = await retrying(this.#cluster, () => {
      const leaders = this.#cluster.findLeaderForPartitions(this.name, [...from.keys()]);
      return Promise.all(
        Object.entries(leaders).map(([nodeId, partitions]) => this.#ask(nodeId, partitions, from, maxBytes)),
      );
    });
    return responses.flat().toSorted((a, b) => a.partition - b.partition);
  }

  /**
   * partition → `loggedAt` of the record before an offset; nothing of a partition that has none. Brokers stamp
   * by their own wall clocks, and another leader's may be behind: what makes `loggedAt` non-decreasing is found
   * again from the records before. A step back that is further behind than those is followed.
   */
  async stampsBefore(from: Offsets): Promise<ReadonlyMap<number, Micros>> {
    const clock = new PartitionClock();
    const stamps = new Map<number, Micros>();
    const next = new Map(
      [...from].flatMap(([partition, offset]) =>
        offset === 0 ? [] : [[partition, Math.max(0, offset - LOOK_BACK)]],
      ),
    );
    while (next.size > 0) {
      for (const piece of await this.fetch(next, LOOK_BACK_BYTES)) {
        const until = from.get(piece.partition) ?? 0;
        for (const { offset, appended, attributes } of piece.records) {
          if (offset < until)
            stamps.set(piece.partition, clock.stamp(piece.partition, appended, attributes.loggedat));
        }
        next.set(piece.partition, piece.next);
        if (piece.next >= until) next.delete(piece.partition);
      }
    }
    return stamps;
  }

  async #ask(
    nodeId: string,
    partitions: readonly number[],
    from: Offsets,
    maxBytes: number,
  ): Promise<Piece[]> {
    const broker = await this.#cluster.findBroker({ nodeId });
    const start = (partition: number) => from.get(partition) ?? 0;
    const { responses } = await broker.fetch({
      maxWaitTime: WAIT_MS,
      minBytes: 1,
      maxBytes,
      topics: [
        {
          topic: this.name,
          partitions: partitions.map((partition) => ({
            partition,
            fetchOffset: String(start(partition)),
            maxBytes,
          })),
        },
      ],
    });
    return responses
      .flatMap((response) => response.partitions)
      .map(({ partition, messages }) => this.piece(partition, start(partition), messages));
  }

  /** A broker gives whole batches, and so also what lies before the offset that was asked for. */
  piece(partition: number, from: number, messages: readonly FetchedMessage[]): Piece {
    const wanted = messages.filter(({ offset }) => Number(offset) >= from);
    const last = wanted.at(-1);
    return {
      partition,
      records: wanted
        .filter(({ isControlRecord }) => isControlRecord !== true)
        .map((message) => fromMessage(`${this.name}, partition ${partition}`, message)),
      next: last === undefined ? from : Number(last.offset) + 1,
    };
  }

  /** @throws LogFailed where a reader was elsewhere before: the topics are others than those it read */
  checkWithin(from: Offsets, end: Offsets): void {
    for (const [partition, offset] of from) {
      const last = end.get(partition) ?? 0;
      if (offset > last)
        throw new LogFailed(
          `${this.name}, partition ${partition} ends at ${last}, and was read to ${offset} before: it is another log`,
        );
    }
  }
}
