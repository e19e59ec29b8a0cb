import type {
  BatchHandler,
  GroupMember,
  Membership,
  Offsets,
  ReadRequest,
  SharedLog,
  Subscription,
  Topic,
} from '@chargeproof/log';
import { LogFailed, PartitionClock, TOPICS } from '@chargeproof/log';
import type { LoggedRecord, Micros } from '@chargeproof/record';
import type { Kafka } from 'kafkajs';
import { within } from './bounds.ts';
import type { KafkaOptions } from './client/client.ts';
import { type Cluster, clusterOf } from './client/inside.ts';
import { retrying } from './client/retrying.ts';
import { Following } from './following.ts';
import { GroupOffsets } from './group-offsets.ts';
import { KafkaMembership } from './membership.ts';
import { type Piece, TopicReader } from './topic-reader.ts';
import { GENERATION } from './topics.ts';

/** Smaller fetches would only be more of them. */
const LEAST_FETCH_BYTES = 64 * 1024;

/** Where a read of a partition stopped, and the `loggedAt` of the record before. */
type Mark = { readonly next: number; readonly loggedAt: Micros };

/** Reads the log on Kafka: `read` from any place, `subscribe` as a consumer, `join` as a member of a group. */
export class KafkaLogReader implements SharedLog {
  readonly generation = GENERATION;
  protected readonly kafka: Kafka;
  readonly #options: KafkaOptions;
  readonly #cluster: Cluster;
  readonly #topics: ReadonlyMap<Topic, TopicReader>;
  readonly #groups: GroupOffsets;
  readonly #marks = new Map<string, Mark>();
  readonly #subscriptions = new Set<Subscription>();
  readonly #memberships = new Map<string, KafkaMembership>();
  #isClosed = false;

  constructor(kafka: Kafka, options: KafkaOptions) {
    this.kafka = kafka;
    this.#options = options;
    this.#cluster = clusterOf(kafka);
    this.#topics = new Map(
      (Object.keys(TOPICS) as Topic[]).map((topic) => [
        topic,
        new TopicReader(this.#cluster, topic, options.topicPrefix),
      ]),
    );
    this.#groups = new GroupOffsets(this.#cluster);
  }

  async connect(): Promise<void> {
    await this.#cluster.connect();
    const names = Array.from(this.#topics.values(), ({ name }) => name);
    await retrying(this.#cluster, () => this.#cluster.addMultipleTargetTopics(names));
  }

  async read(request: ReadRequest): Promise<readonly LoggedRecord[]> {
    const topic = this.#topic(request.topic);
    const end = await topic.end();
    const next = new Map<number, number>();
    for (const partition of request.partitions ?? topic.partitions) {
      const from = request.from.get(partition) ?? 0;
      if (from < (end.get(partition) ?? 0)) next.set(partition, from);
    }
    const stamps = await this.#stampsAt(topic, next);
    while (next.size > 0) {
      const pieces = await topic.fetch(next, Math.max(request.maxBytes, LEAST_FETCH_BYTES));
      if (pieces.some(({ records }) => records.length > 0))
        return this.#stamped(topic, pieces, new PartitionClock(stamps), request);
      for (const piece of pieces) {
        next.set(piece.partition, piece.next);
        if (piece.next >= (end.get(piece.partition) ?? 0)) next.delete(piece.partition);
      }
    }
    return [];
  }

  subscribe(request: ReadRequest, handler: BatchHandler): Subscription {
    const subscription = new Following(
      { kafka: this.kafka, topic: this.#topic(request.topic), options: this.#options },
      request,
      handler,
    );
    this.#subscriptions.add(subscription);
    return subscription;
  }

  join(name: Topic, group: string, member: GroupMember): Membership {
    const topic = this.#topic(name);
    const membership = new KafkaMembership(
      { kafka: this.kafka, topic, options: this.#options },
      this.#groupId(group),
      member,
    );
    this.#memberships.set(`${topic.name} ${group}`, membership);
    return membership;
  }

  async commit(name: Topic, group: string, offsets: Offsets): Promise<void> {
    const topic = this.#topic(name);
    const membership = this.#memberships.get(`${topic.name} ${group}`);
    if (membership === undefined) await this.#groups.note(topic, this.#groupId(group), offsets);
    else await membership.note(offsets);
  }

  async committed(topic: Topic, group: string): Promise<Offsets> {
    return this.#groups.noted(this.#topic(topic), this.#groupId(group));
  }

  async end(topic: Topic): Promise<Offsets> {
    return this.#topic(topic).end();
  }

  /** Offsets of a partition are in a row: nothing here is transactional, compacted or deleted. */
  async recordsFrom(topic: Topic, from: Offsets): Promise<number> {
    const ends = await this.end(topic);
    return [...from].reduce(
      (sum, [partition, next]) => sum + Math.max(0, (ends.get(partition) ?? 0) - next),
      0,
    );
  }

  async close(): Promise<void> {
    const open = [...this.#memberships.values(), ...this.#subscriptions];
    await Promise.all(open.map((each) => each.close()));
    this.#isClosed = true;
    await this.#cluster.disconnect();
  }

  #stamped(topic: TopicReader, pieces: readonly Piece[], clock: PartitionClock, request: ReadRequest) {
    const records = pieces.flatMap(({ partition, records }) =>
      records.map((record) => ({ ...record, partition })),
    );
    return within(records, request).map(
      ({ partition, offset, appended, key, attributes, value }): LoggedRecord => {
        const loggedAt = clock.stamp(partition, appended, attributes.loggedat);
        this.#marks.set(`${topic.name} ${partition}`, { next: offset + 1, loggedAt });
        const position = { generation: GENERATION, partition, offset };
        return { key, attributes, value, position, loggedAt };
      },
    );
  }

  /** Known where the last read stopped just there; else found again. */
  async #stampsAt(topic: TopicReader, from: Offsets): Promise<ReadonlyMap<number, Micros>> {
    const known = new Map<number, Micros>();
    const unknown = new Map<number, number>();
    for (const [partition, offset] of from) {
      const mark = this.#marks.get(`${topic.name} ${partition}`);
      if (mark?.next === offset) known.set(partition, mark.loggedAt);
      else unknown.set(partition, offset);
    }
    return new Map([...known, ...(await topic.stampsBefore(unknown))]);
  }

  #groupId(group: string): string {
    return this.#options.topicPrefix + group;
  }

  #topic(topic: Topic): TopicReader {
    if (this.#isClosed) throw new LogFailed('the log is closed');
    const reader = this.#topics.get(topic);
    if (!reader) throw new RangeError(`there is no topic ${topic}`);
    return reader;
  }
}
