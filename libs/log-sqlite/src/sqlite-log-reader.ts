import type { LoggedRecord } from '@chargeproof/record';
import type {
  BatchHandler,
  LogReader,
  Offsets,
  ReadRequest,
  Subscription,
  Topic,
  Watch,
} from '@chargeproof/log';
import { LogFailed, subscribeTo, TOPICS } from '@chargeproof/log';
import { ChangeWatch } from './change-watch.ts';
import { CommittedOffsets } from './committed-offsets.ts';
import { PeriodFiles } from './period-files.ts';
import { reasonOf } from './sqlite-error.ts';
import { TopicReader } from './topic-reader.ts';

/** Reads a log's folder: in the owner's process, and in any other. */
export class SqliteLogReader implements LogReader {
  readonly generation: number;
  protected readonly folder: string;
  readonly #files: PeriodFiles;
  readonly #topics: ReadonlyMap<Topic, TopicReader>;
  readonly #subscriptions = new Set<Subscription>();
  readonly #watchOf: (topic: Topic) => Watch;
  #groups: CommittedOffsets | undefined;
  #isClosed = false;

  /** @param watchOf what tells of appends to a topic; absent: the files are looked at */
  constructor(folder: string, generation: number, watchOf?: (topic: Topic) => Watch) {
    this.folder = folder;
    this.generation = generation;
    this.#files = new PeriodFiles(folder);
    const files = new ChangeWatch(() => this.#files.version());
    this.#watchOf = watchOf ?? (() => files);
    this.#topics = new Map(
      (Object.keys(TOPICS) as Topic[]).map((topic) => [
        topic,
        new TopicReader(this.#files, topic, generation),
      ]),
    );
  }

  read(request: ReadRequest): Promise<readonly LoggedRecord[]> {
    return this.whileOpen(() => this.topic(request.topic).read(request));
  }

  subscribe(request: ReadRequest, handler: BatchHandler): Subscription {
    const watch = this.#watchOf(request.topic);
    const followed = {
      read: (next: ReadRequest) => this.read(next),
      version: () => watch.version(),
      changed: (seen: number, signal: AbortSignal) => watch.changed(seen, signal),
    };
    const subscription = subscribeTo(followed, request, handler);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  commit(topic: Topic, group: string, offsets: Offsets): Promise<void> {
    return this.whileOpen(() => {
      this.#groupsDo((groups) => {
        groups.set(topic, group, offsets);
      });
    });
  }

  committed(topic: Topic, group: string): Promise<Offsets> {
    return this.whileOpen(() => this.#groupsDo((groups) => groups.get(topic, group)));
  }

  end(topic: Topic): Promise<Offsets> {
    return this.whileOpen(() => this.topic(topic).end());
  }

  recordsFrom(topic: Topic, from: Offsets): Promise<number> {
    return this.whileOpen(() => this.topic(topic).recordsFrom(from));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
    this.#isClosed = true;
    this.#files.close();
    this.#groups?.close();
    this.#groups = undefined;
  }

  protected topic(topic: Topic): TopicReader {
    const reader = this.#topics.get(topic);
    if (!reader) throw new RangeError(`there is no topic ${topic}`);
    return reader;
  }

  /** What it throws becomes a rejection. */
  protected whileOpen<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve) => {
      if (this.#isClosed) throw new LogFailed(`the log in ${this.folder} is closed`);
      resolve(work());
    });
  }

  #groupsDo<Result>(work: (groups: CommittedOffsets) => Result): Result {
    try {
      this.#groups ??= new CommittedOffsets(this.folder);
      return work(this.#groups);
    } catch (error) {
      throw new LogFailed(`the groups of the log in ${this.folder} cannot be noted: ${reasonOf(error)}`, {
        cause: error,
      });
    }
  }
}
