import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Micros, Position } from '@chargeproof/record';
import type { AppendRequest, Topic } from '@chargeproof/log';
import { LogFailed, LogFull, partitionFor, PartitionClock } from '@chargeproof/log';
import { Group } from './group.ts';
import type { Prepared } from './packed-record.ts';
import { prepare } from './packed-record.ts';
import { periodFileName } from './period.ts';
import { reasonOf } from './sqlite-error.ts';
import type { WriterReply, WriterRequest, WriterSettings } from './writer-messages.ts';

/** Where a topic goes on. */
export type TopicStart = {
  readonly nextOffset: number;
  /** partition → `loggedAt` of its last record */
  readonly loggedAt: ReadonlyMap<number, Micros>;
};

export type GroupCommitOptions = {
  readonly folder: string;
  readonly generation: number;
  readonly file: string;
  readonly starts: ReadonlyMap<Topic, TopicStart>;
  readonly periodMicros: Micros;
  readonly groupRecords: number;
  readonly groupBytes: number;
  readonly maxFileBytes?: number;
  readonly clock: () => Micros;
  /** Called after each commit, for each topic that it held records of, before its calls are answered. */
  readonly committed: (topic: Topic) => void;
};

type TopicState = { nextOffset: number; readonly clock: PartitionClock };

/**
 * A commit costs about 150 µs of CPU whatever it holds, so small ones begin this far apart; one of so many
 * records carries its own cost and need not wait.
 */
const COMMIT_INTERVAL_MILLISECONDS = 1;
const WORTH_A_COMMIT = 64;

/**
 * Collects what is appended while the group before is being committed, and what is appended in one turn
 * of the event loop, and commits it as one. So an append after a pause waits for one commit and nothing
 * else, and under load the groups grow by themselves.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #worker: Worker;
  readonly #topics: ReadonlyMap<Topic, TopicState>;
  readonly #waiting: Group[] = [];
  readonly #drained = Promise.withResolvers<undefined>();
  readonly #ended = Promise.withResolvers<undefined>();
  #committing: Group | undefined;
  #isScheduled = false;
  #sentAt = -Infinity;
  #isClosing = false;
  #isEnding = false;
  #file: string;
  #failure: LogFailed | undefined;

  constructor(options: GroupCommitOptions) {
    const { folder, file, starts, maxFileBytes } = options;
    this.#options = options;
    this.#file = file;
    this.#topics = new Map(
      [...starts].map(([topic, { nextOffset, loggedAt }]) => [
        topic,
        { nextOffset, clock: new PartitionClock(loggedAt) },
      ]),
    );
    this.#worker = new Worker(new URL(`./writer${extname(import.meta.url)}`, import.meta.url), {
      workerData: {
        folder,
        file,
        ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
      } satisfies WriterSettings,
    });
    this.#worker.on('message', (reply: WriterReply) => {
      this.#onReply(reply);
    });
    this.#worker.on('error', (error) => {
      this.#fail(reasonOf(error));
    });
    this.#worker.on('exit', () => {
      if (!this.#isEnding) this.#fail('its writer ended');
      this.#ended.resolve(undefined);
    });
  }

  append(topic: Topic, requests: readonly AppendRequest[]): Promise<readonly Position[]> {
    return new Promise((resolve, reject) => {
      if (this.#failure) throw this.#failure;
      if (this.#isClosing) throw new LogFailed(`the log in ${this.#options.folder} is closed`);
      const prepared = requests.map((request) => prepare(partitionFor(topic, request), request));
      if (prepared.length === 0) {
        resolve([]);
        return;
      }
      this.#groupFor(prepared).add(topic, prepared, this.#stamper(topic), { resolve, reject });
      this.#schedule();
    });
  }

  /** Takes no more calls. Settles when those it took are settled. */
  async drain(): Promise<void> {
    this.#isClosing = true;
    if (!this.#committing && !this.#failure) this.#sendNext();
    await this.#drained.promise;
  }

  /** Ends the writer, which leaves its file whole where nobody else has it open. */
  async close(): Promise<void> {
    this.#isEnding = true;
    this.#worker.postMessage('close');
    await this.#ended.promise;
  }

  #stamper(topic: Topic): (record: Prepared) => Micros {
    const { clock } = this.#topic(topic);
    return ({ partition, loggedat }) => clock.stamp(partition, this.#lastGroup().loggedAt, loggedat);
  }

  #lastGroup(): Group {
    let group = this.#waiting.at(-1);
    if (!group) {
      group = new Group(this.#options.clock());
      this.#waiting.push(group);
    }
    return group;
  }

  #groupFor(records: readonly Prepared[]): Group {
    const { groupRecords, groupBytes, clock } = this.#options;
    const group = this.#lastGroup();
    const fits = group.records + records.length <= groupRecords && group.bytes < groupBytes;
    if (fits || group.records === 0) return group;
    this.#waiting.push(new Group(clock()));
    return this.#lastGroup();
  }

  #schedule(): void {
    if (this.#committing || this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#sendSoon();
    });
  }

  /** Sends what waits, or leaves it to grow until the interval since the last commit's beginning is over. */
  #sendSoon(): void {
    const rest = this.#sentAt + COMMIT_INTERVAL_MILLISECONDS - performance.now();
    const isWorthIt = this.#waiting.length !== 1 || this.#lastGroup().records >= WORTH_A_COMMIT;
    if (rest <= 0 || isWorthIt || this.#isClosing) {
      this.#sendNext();
      return;
    }
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => {
      this.#isScheduled = false;
      this.#sendNext();
    }, rest);
  }

  #sendNext(): void {
    if (this.#committing || this.#failure) return;
    const group = this.#waiting.shift();
    if (!group) {
      if (this.#isClosing) this.#drained.resolve(undefined);
      return;
    }
    const blocks = group.blocks((topic) => this.#topic(topic).nextOffset);
    this.#committing = group;
    this.#sentAt = performance.now();
    const request: WriterRequest = { file: this.#currentFile(), blocks };
    this.#worker.postMessage(
      request,
      blocks.map(({ buffer }) => buffer),
    );
  }

  /** A clock that steps back does not bring back an earlier period. */
  #currentFile(): string {
    const { clock, periodMicros } = this.#options;
    const file = periodFileName(clock(), periodMicros);
    if (file > this.#file) this.#file = file;
    return this.#file;
  }

  #onReply(reply: WriterReply): void {
    const group = this.#committing;
    if (!group) return;
    this.#committing = undefined;
    switch (reply.kind) {
      case 'done':
        this.#settle(group);
        break;
      case 'full':
        group.reject(new LogFull(`the log in ${this.#options.folder} is full: ${reply.reason}`));
        break;
      case 'failed':
        this.#committing = group;
        this.#fail(reply.reason);
        return;
    }
    this.#sendSoon();
  }

  #settle(group: Group): void {
    for (const [topic] of group.counts()) this.#options.committed(topic);
    group.resolve(this.#options.generation, (topic) => this.#topic(topic).nextOffset);
    for (const [topic, count] of group.counts()) this.#topic(topic).nextOffset += count;
  }

  #fail(reason: string): void {
    if (this.#failure) return;
    this.#failure = new LogFailed(`the log in ${this.#options.folder} cannot go on: ${reason}`);
    this.#committing?.reject(this.#failure);
    for (const group of this.#waiting.splice(0)) group.reject(this.#failure);
    this.#drained.resolve(undefined);
    void this.#worker.terminate();
  }

  #topic(topic: Topic): TopicState {
    const state = this.#topics.get(topic);
    if (!state) throw new RangeError(`there is no topic ${topic}`);
    return state;
  }
}
