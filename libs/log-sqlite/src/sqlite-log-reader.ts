import { EventEmitter } from 'node:events';
import type { LoggedRecord } from '@chargeproof/record';
import type {
  BatchHandler,
  Followed,
  LogReader,
  Offsets,
  ReadRequest,
  Subscription,
  Topic,
} from '@chargeproof/log';
import { LogFailed, subscribeTo, TOPICS } from '@chargeproof/log';
import { CommittedOffsets } from './committed-offsets.ts';
import { PeriodFiles } from './period-files.ts';
import { waitForChange } from './polling.ts';
import { TopicReader } from './topic-reader.ts';

/** Reads a log's folder: in the owner's process, and in any other. */
export class SqliteLogReader implements LogReader, Followed {
  readonly generation: number;
  protected readonly folder: string;
  readonly #files: PeriodFiles;
  readonly #topics: ReadonlyMap<Topic, TopicReader>;
  readonly #subscriptions = new Set<Subscription>();
  /** Hears of appends at once in the owner's process; elsewhere nothing is heard, and polling finds them. */
  readonly #appended = new EventEmitter();
  #groups: CommittedOffsets | undefined;
  #version = 0;
  #filesVersion = '';
  #isClosed = false;

  constructor(folder: string, generation: number) {
    this.folder = folder;
    this.generation = generation;
    this.#appended.setMaxListeners(0);
    this.#files = new PeriodFiles(folder);
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
    const subscription = subscribeTo(this, request, handler);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  version(): number {
    const filesVersion = this.#files.version();
    if (filesVersion !== this.#filesVersion) {
      this.#filesVersion = filesVersion;
      this.#version += 1;
    }
    return this.#version;
  }

  async changed(seen: number, signal: AbortSignal): Promise<void> {
    await waitForChange(() => this.version() !== seen, this.#appended, signal);
  }

  commit(topic: Topic, group: string, offsets: Offsets): Promise<void> {
    return this.whileOpen(() => {
      this.#committed().set(topic, group, offsets);
    });
  }

  committed(topic: Topic, group: string): Promise<Offsets> {
    return this.whileOpen(() => this.#committed().get(topic, group));
  }

  end(topic: Topic): Promise<Offsets> {
    return this.whileOpen(() => this.topic(topic).end());
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

  protected wake(): void {
    this.#appended.emit('append');
  }

  /** What it throws becomes a rejection. */
  protected whileOpen<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve) => {
      if (this.#isClosed) throw new LogFailed(`the log in ${this.folder} is closed`);
      resolve(work());
    });
  }

  #committed(): CommittedOffsets {
    this.#groups ??= new CommittedOffsets(this.folder);
    return this.#groups;
  }
}
