import type { GroupMember, Membership, Offsets } from '@chargeproof/log';
import { LogFailed } from '@chargeproof/log';
import type { Consumer } from 'kafkajs';
import { roundRobinAfter, type Standing } from './client/before-join.ts';
import { reasonOf } from './client/client.ts';
import { openConsumer, sessionOf } from './client/consumer.ts';
import type { Source } from './following.ts';

/** Of a session, how much may pass without a word from the coordinator before what is held counts as lost. */
const LOST_AFTER = 2 / 3;
const LOOKS_A_SESSION = 12;

/**
 * A member of a group: holds partitions, and reads none of them through it. So no batch is ever in hand when the
 * group rebalances, which is what makes kafkajs go round in circles (tulios/kafkajs#1720), and a slow batch
 * costs nobody his membership.
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
  #taken: Promise<void> | undefined;
  #heard = performance.now();
  #isOver = false;

  constructor(source: Source, groupId: string, member: GroupMember) {
    this.#source = source;
    this.#member = member;
    const { promise, reject } = Promise.withResolvers<never>();
    this.failed = promise;
    this.#reject = reject;
    this.#watch = setInterval(() => {
      this.#checkHeard();
    }, this.#session / LOOKS_A_SESSION);
    this.#started = this.#start(groupId).catch((error: unknown) => {
      this.#fail(error);
    });
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.#started;
    await this.#release().catch((error: unknown) => {
      this.#fail(error);
    });
    clearInterval(this.#watch);
    await this.#consumer?.disconnect();
  }

  /** For lag tools: what cannot be noted while the group rebalances is noted the next time. */
  async note(offsets: Offsets): Promise<void> {
    const topic = this.#source.topic.name;
    if (this.#taken === undefined || this.#isOver) return;
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
      assigner: roundRobinAfter((standing) => this.#beforeJoin(standing)),
      joined: (consumer, partitions) => {
        consumer.pause([{ topic: topic.name }]);
        this.#take(partitions);
      },
      heard: () => {
        this.#hear();
      },
      // Before it could, kafkajs has left the group, which has then given away what is held.
      mayRestart: () => this.#taken === undefined && !this.#isOver,
      eachBatch: () => Promise.resolve(),
      crashed: (error) => {
        this.#fail(new LogFailed(`the group cannot be joined: ${reasonOf(error)}`, { cause: error }));
      },
    });
  }

  #take(partitions: readonly number[]): void {
    this.#hear();
    if (this.#isOver) return;
    this.#taken = this.#member.take(partitions);
    this.#taken.catch((error: unknown) => {
      this.#fail(error);
    });
  }

  async #release(): Promise<void> {
    if (this.#taken === undefined) return;
    await this.#taken;
    await this.#member.release();
    this.#taken = undefined;
  }

  /** Lets go of what is held, and tells the coordinator meanwhile that it is still there. */
  async #beforeJoin(standing: Standing): Promise<void> {
    if (this.#taken === undefined) return;
    const beating = setInterval(() => {
      void this.#beat(standing);
    }, this.#session / LOOKS_A_SESSION);
    try {
      if (standing.memberId === null)
        throw new LogFailed('the group has given the partitions of this member away');
      await this.#release();
    } catch (error) {
      this.#fail(error);
      throw NOT_AGAIN;
    } finally {
      clearInterval(beating);
    }
  }

  async #beat({ groupId, memberId, generationId, coordinator }: Standing): Promise<void> {
    if (memberId === null || generationId === null) return;
    try {
      await coordinator?.heartbeat({ groupId, memberId, groupGenerationId: generationId });
    } catch (error) {
      // That the group rebalances is what it says to a member it knows.
      if ((error as { type?: unknown }).type !== 'REBALANCE_IN_PROGRESS') return;
    }
    this.#hear();
  }

  #hear(): void {
    this.#heard = performance.now();
  }

  #checkHeard(): void {
    const silent = performance.now() - this.#heard;
    if (this.#taken === undefined || silent < this.#session * LOST_AFTER) return;
    this.#fail(
      new LogFailed(`the group was not heard for ${Math.round(silent)} ms: others may have these partitions`),
    );
  }

  #fail(error: unknown): void {
    this.#isOver = true;
    clearInterval(this.#watch);
    this.#reject(error);
  }

  get #session(): number {
    return sessionOf(this.#source.options);
  }
}

/** kafkajs tries everything again that does not say so. */
const NOT_AGAIN = Object.assign(new Error('the membership has failed'), { retriable: false });
