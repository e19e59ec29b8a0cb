import type { GroupMember, Membership, Offsets } from '@chargeproof/log';
import { LogFailed } from '@chargeproof/log';
import kafkajs, { type Consumer, type PartitionAssigner, PartitionAssigners } from 'kafkajs';
import { reasonOf } from './client/client.ts';
import { openConsumer, sessionOf } from './client/consumer.ts';
import type { Source } from './following.ts';

/** Of a session, how much may pass without a word from the coordinator before what is held counts as lost. */
const LOST_AFTER = 2 / 3;
const LOOKS_A_SESSION = 12;

/**
 * A member of a group: holds partitions, and reads none of them through it. Before it joins again, which
 * gives all it holds away, it lets go of it. kafkajs has no hook for that, but asks its assigner for what it
 * is to say on joining: while something is held the answer is that the group is still rebalancing, and
 * kafkajs asks again a little later.
 *
 * The group gives away what a member holds when it has not been heard of for a session. A member that hears
 * nothing from the group for most of one fails, so that it ends before.
 */
export class KafkaMembership implements Membership {
  readonly failed: Promise<never>;
  readonly #source: Source;
  readonly #member: GroupMember;
  readonly #reject: (error: unknown) => void;
  readonly #started: Promise<void>;
  readonly #watch: NodeJS.Timeout;
  #consumer: Consumer | undefined;
  #holds = false;
  #releasing: Promise<void> | undefined;
  #turn: Promise<void> = Promise.resolve();
  #heard = performance.now();
  #isOver = false;

  constructor(source: Source, groupId: string, member: GroupMember) {
    this.#source = source;
    this.#member = member;
    const { promise, reject } = Promise.withResolvers<never>();
    this.failed = promise;
    this.#reject = reject;
    this.#watch = setInterval(
      () => {
        this.#checkHeard();
      },
      sessionOf(source.options) / LOOKS_A_SESSION,
    );
    this.#started = this.#start(groupId).catch((error: unknown) => {
      this.#fail(error);
    });
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.#started;
    await this.#release();
    clearInterval(this.#watch);
    await this.#consumer?.disconnect();
  }

  /** For lag tools: what cannot be noted while the group rebalances is noted the next time. */
  async note(offsets: Offsets): Promise<void> {
    const topic = this.#source.topic.name;
    if (!this.#holds || this.#isOver) return;
    const noted = Array.from(offsets, ([partition, offset]) => ({
      topic,
      partition,
      offset: String(offset),
    }));
    await this.#consumer?.commitOffsets(noted).catch(() => undefined);
  }

  async #start(groupId: string): Promise<void> {
    const { kafka, topic, options } = this.#source;
    this.#consumer = await openConsumer(kafka, {
      groupId,
      topic: topic.name,
      options,
      maxBytes: 1,
      assigner: this.#assigner(),
      joined: (consumer, partitions) => {
        consumer.pause([{ topic: topic.name }]);
        this.#take(partitions);
      },
      heard: () => {
        this.#heard = performance.now();
      },
      eachBatch: () => Promise.resolve(),
      crashed: (error) => {
        this.#fail(new LogFailed(`the group cannot be joined: ${reasonOf(error)}`, { cause: error }));
      },
    });
  }

  #assigner(): PartitionAssigner {
    return (config) => {
      const roundRobin = PartitionAssigners.roundRobin(config);
      return {
        ...roundRobin,
        protocol: (subscription) => {
          if (!this.#holds) return roundRobin.protocol(subscription);
          void this.#release();
          throw new kafkajs.KafkaJSProtocolError(STILL_REBALANCING);
        },
      };
    };
  }

  #take(partitions: readonly number[]): void {
    this.#heard = performance.now();
    if (this.#isOver) return;
    this.#holds = true;
    this.#turn = this.#member.take(partitions).catch((error: unknown) => {
      this.#fail(error);
    });
  }

  #release(): Promise<void> {
    if (!this.#holds) return Promise.resolve();
    this.#releasing ??= this.#turn
      .then(() => this.#member.release())
      .then(
        () => {
          this.#holds = false;
          this.#releasing = undefined;
        },
        (error: unknown) => {
          this.#fail(error);
        },
      );
    return this.#releasing;
  }

  #checkHeard(): void {
    const silent = performance.now() - this.#heard;
    if (!this.#holds || silent < sessionOf(this.#source.options) * LOST_AFTER) return;
    this.#fail(
      new LogFailed(`the group was not heard for ${Math.round(silent)} ms: others may have these partitions`),
    );
  }

  #fail(error: unknown): void {
    this.#isOver = true;
    clearInterval(this.#watch);
    this.#reject(error);
  }
}

/** As the coordinator would have said it. */
const STILL_REBALANCING = Object.assign(
  new Error('The group is rebalancing, and what is held is let go of'),
  {
    type: 'REBALANCE_IN_PROGRESS',
    code: 27,
    retriable: true,
  },
);
